import MutualTLS

extension InstallPlanner {
    var releaseSteps: [Step] {
        let release = facts.release
        if let release, release.status == "deployed", release.chart == Chart.label,
            valuesAreReleased, answers.values.isEmpty
        {
            return []
        }
        return [release.flatMap(unlockStep), unpack, upgrade(release)].compactMap { $0 }
    }

    /// A release that an interrupted Helm operation left locked is unlocked first.
    func unlockStep(_ release: Facts.Release) -> Step? {
        guard release.isLocked else { return nil }
        let locked = LockedRelease(
            installation: installation, revision: release.revision, status: release.status,
            returnsTo: release.hasNoPriorRevision ? nil : release.revision - 1)
        return Step(
            id: "free-release",
            title: release.hasNoPriorRevision
                ? "Remove the leftovers of the interrupted Helm operation on \(installation.release)"
                : "Roll back the interrupted upgrade of \(installation.release)",
            action: .freeRelease(locked: locked))
    }

    var unpack: Step {
        Step(
            id: "chart", title: "Unpack the chart \(Chart.label)",
            action: .unpackChart(folder: places.chart(of: installation)),
            undo: [.takeBack])
    }

    func upgrade(_ release: Facts.Release?) -> Step {
        let before = release.flatMap(revisionBefore)
        let change = ReleaseChange(
            installation, chart: places.chart(of: installation), values: valuesForHelm,
            further: answers.values.isEmpty ? nil : answers.values.expanded(home: home),
            timeout: answers.timeout, base: release.map(base) ?? .none,
            keeps: continued != nil ? .resetThenReuse : .reset,
            takesOver: answers.takeOver && helmKnowsConflicts, returnsTo: before,
            // Pods that were not ready before the upgrade will not be ready after the rollback.
            waitsOnReturn: release?.status == "deployed", claim: newClaim)
        return Step(
            id: "release",
            title: "\(before == nil ? "Install" : "Upgrade") the release \(installation.release)",
            action: .changeRelease(change: change), undo: [.takeBack])
    }

    /// The release as Helm finds it: a locked release has been unlocked by then.
    private func base(_ release: Facts.Release) -> ReleaseChange.Base {
        if release.hasNoPriorRevision { return .none }
        if release.status == "uninstalled" { return .uninstalled(last: release.revision) }
        // A rollback creates a revision, too.
        return .revision(release.isLocked ? release.revision + 1 : release.revision)
    }

    /// Helm 4 uses server-side apply, which rejects changes to fields of other managers. Helm 3 does not have the
    /// flag, and does not need it.
    private var helmKnowsConflicts: Bool {
        Version(facts.helm).map { $0.major >= 4 } ?? false
    }

    /// The revision to roll back to; nil where there is none.
    func revisionBefore(_ release: Facts.Release) -> Int? {
        if release.hasNoPriorRevision || release.status == "uninstalled" { return nil }
        return release.isLocked ? release.revision - 1 : release.revision
    }

    /// Helm keeps the cache volume, as marked in the chart. A volume that certainly did not exist before is deleted
    /// with the failed release.
    private var newClaim: String? {
        answers.cache != .none && facts.cacheClaim == nil ? answers.cacheClaim : nil
    }
}

extension InstallPlanner {
    /// Whether Envoy's Secret contains a revocation list: a planned one, or an existing one.
    var hasRevocations: Bool {
        guard certificates.revocations == nil else { return true }
        let outer = facts.secrets.outer
        guard answers.certificates != .secrets else { return outer?.digests["crl.pem"] != nil }
        // The lists in the Secret stay in force while one of their CAs is trusted.
        let trusted = facts.folder?.certificates.filter { $0.role == .authority } ?? []
        return outer?.digests["crl.pem"] != nil
            && trusted.contains { outer?.certificates.contains($0) ?? false }
    }

    var security: SecurityProfile { answers.security ?? facts.security.profile }

    var values: ChartValues { values(of: answers) }

    private func values(of answers: Answers) -> ChartValues {
        ChartValues(
            answers, security: security, hasRevocations: hasRevocations,
            // An install does not change clients: the current client list is kept.
            clients: facts.release.map { ClientRoles(values: $0.values) } ?? ClientRoles(),
            innerName: certificates.innerIsOurs ? "\(BackendTLS.serverNames[0])" : nil)
    }

    /// The release whose values Helm keeps where the plan does not set them; nil where there is none.
    var continued: Facts.Release? { facts.release.flatMap { $0.keepsValues ? $0 : nil } }

    /// The values of the release; empty where there is none.
    var released: JSONValue { facts.release?.values ?? [:] }

    /// The values that the last install set and this one does not: the chart's defaults replace them. A value that
    /// was changed since is kept.
    var dropped: [[String]] {
        guard let release = continued, !facts.kept.isEmpty else { return [] }
        var before = Answers()
        before.recall(facts.kept, except: [])
        let wanted = values.json.leaves
        return values(of: before).json.leaves.filter { path, value in
            // The values of an interrupted upgrade no longer exist after the rollback.
            wanted[path] == nil && (release.values[path] == value || release.isLocked)
        }.map(\.key).sorted { $0.joined(separator: ".") < $1.joined(separator: ".") }
    }

    /// The values of the release that were set outside this program.
    var valuesOfOthers: [String] {
        let own = Set(values.json.leaves.keys).union(dropped)
        return released.leaves.keys.filter { !own.contains($0) }.map { $0.joined(separator: ".") }.sorted()
    }

    /// The values for Helm: null removes a former value.
    var valuesForHelm: JSONValue {
        dropped.reduce(values.json) { $0.setting(.null, at: $1) }
    }

    /// Whether the release has all planned values, and none that is to be removed.
    var valuesAreReleased: Bool {
        dropped.isEmpty && values.json.leaves.allSatisfy { released[$0.key] == $0.value }
    }
}
