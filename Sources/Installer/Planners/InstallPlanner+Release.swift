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

    /// A release that an interrupted Helm left locked is freed first.
    func unlockStep(_ release: Facts.Release) -> Step? {
        guard release.isLocked else { return nil }
        let locked = LockedRelease(
            installation: installation, revision: release.revision, status: release.status,
            returnsTo: release.hasNoPriorRevision ? nil : release.revision - 1)
        return Step(
            id: "free-release",
            title: release.hasNoPriorRevision
                ? "Remove what an interrupted Helm left of \(installation.release)"
                : "Take \(installation.release) back from an interrupted upgrade",
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
            // What did not get ready then does not get ready now.
            waitsOnReturn: release?.status == "deployed", claim: newClaim)
        return Step(
            id: "release",
            title: "\(before == nil ? "Install" : "Upgrade") the release \(installation.release)",
            action: .changeRelease(change: change), undo: [.takeBack])
    }

    /// What Helm finds when it begins: a locked release is free by then.
    private func base(_ release: Facts.Release) -> ReleaseChange.Base {
        if release.hasNoPriorRevision { return .none }
        if release.status == "uninstalled" { return .uninstalled(last: release.revision) }
        // Going back makes a revision, too.
        return .revision(release.isLocked ? release.revision + 1 : release.revision)
    }

    /// Helm 4 applies as the API server does, which refuses to change what somebody else has set. Helm 3 does not
    /// know the flag, and does not need it.
    private var helmKnowsConflicts: Bool {
        Version(facts.helm).map { $0.major >= 4 } ?? false
    }

    /// The revision to go back to; nil where there is none.
    func revisionBefore(_ release: Facts.Release) -> Int? {
        if release.hasNoPriorRevision || release.status == "uninstalled" { return nil }
        return release.isLocked ? release.revision - 1 : release.revision
    }

    /// Helm keeps the cache volume, which the chart marks so. One that certainly was not there before goes with the
    /// release that has failed.
    private var newClaim: String? {
        answers.cache != .none && facts.cacheClaim == nil ? answers.cacheClaim : nil
    }
}

extension InstallPlanner {
    /// Whether Envoy's Secret holds a revocation list: one that is planned, or one that is there.
    var hasRevocations: Bool {
        guard certificates.revocations == nil else { return true }
        let outer = facts.secrets.outer
        guard answers.certificates != .secrets else { return outer?.digests["crl.pem"] != nil }
        // The lists in the Secret stay in force as long as one of their authorities is trusted.
        let trusted = facts.folder?.certificates.filter { $0.role == .authority } ?? []
        return outer?.digests["crl.pem"] != nil
            && trusted.contains { outer?.certificates.contains($0) ?? false }
    }

    var security: SecurityProfile { answers.security ?? facts.security.profile }

    /// What the answers come to.
    var values: ChartValues { values(of: answers) }

    private func values(of answers: Answers) -> ChartValues {
        ChartValues(
            answers, security: security, hasRevocations: hasRevocations,
            // An install knows nothing of clients: whom others let in stays in, and nobody else.
            clients: facts.release.map { ClientRoles(values: $0.values) } ?? ClientRoles(),
            innerName: certificates.innerIsOurs ? "\(BackendTLS.serverNames[0])" : nil)
    }

    /// The release whose values Helm takes over where nobody names them; nil where there is none.
    ///
    /// One that was interrupted has been taken back to what worked before Helm does so. One that has failed is none:
    /// nobody knows whether its values are to blame.
    var continued: Facts.Release? {
        guard let release = facts.release else { return nil }
        return release.status == "deployed" || release.isLocked && !release.hasNoPriorRevision ? release : nil
    }

    /// The values that the release has; nothing where there is none.
    var released: JSONValue { facts.release?.values ?? [:] }

    /// The values that the last install had answered and this one does not: the chart's own take their place. A
    /// value that somebody has changed since is theirs.
    var dropped: [[String]] {
        guard let release = continued, !facts.kept.isEmpty else { return [] }
        var before = Answers()
        before.recall(facts.kept, except: [])
        let wanted = values.json.leaves
        return values(of: before).json.leaves.filter { path, value in
            // What an interrupted upgrade has set is not what will be there when it has been taken back.
            wanted[path] == nil && (release.values[path] == value || release.isLocked)
        }.map(\.key).sorted { $0.joined(separator: ".") < $1.joined(separator: ".") }
    }

    /// The values that somebody else has set on the release.
    var valuesOfOthers: [String] {
        let own = Set(values.json.leaves.keys).union(dropped)
        return released.leaves.keys.filter { !own.contains($0) }.map { $0.joined(separator: ".") }.sorted()
    }

    /// What Helm is told: null has it forget a value of before.
    var valuesForHelm: JSONValue {
        dropped.reduce(values.json) { $0.setting(.null, at: $1) }
    }

    /// Whether the release has all the values that it should, and none that it should not.
    var valuesAreReleased: Bool {
        dropped.isEmpty && values.json.leaves.allSatisfy { released[$0.key] == $0.value }
    }
}
