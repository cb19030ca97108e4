import MutualTLS

extension InstallPlanner {
    /// Whether Envoy's Secret holds a revocation list: one that is planned, or one that is there.
    var hasRevocations: Bool {
        answers.certificates == .secrets
            ? facts.secrets.value?.outer?.digests["crl.pem"] != nil
            : certificates.outerFiles["crl.pem"] != nil
    }

    var security: SecurityProfile { answers.security ?? SecurityProfile.recommended(by: facts).profile }

    var values: ChartValues {
        ChartValues(
            answers, security: security, hasRevocations: hasRevocations,
            // An install knows nothing of clients: whom others let in stays in, and nobody else.
            clients: (facts.release.value ?? nil).map { ClientList(values: $0.values) } ?? ClientList(),
            innerName: certificates.innerIsOurs ? "\(InnerHop.serverNames[0])" : nil)
    }

    var releaseSteps: [Step] {
        let release = facts.release.value ?? nil
        if let release, release.status == "deployed", release.chart == Chart.label,
            release.values == values.json,
            answers.values.isEmpty
        {
            return []
        }
        return [release.flatMap(mend), unpack, upgrade(release)].compactMap { $0 }
    }

    /// A release that an interrupted Helm left locked is freed first. Nobody waits for its pods: the next step
    /// changes them.
    func mend(_ release: Facts.Release) -> Step? {
        guard release.isLocked else { return nil }
        return release.isHalfThere
            ? Step(
                id: "free-release", title: "Remove what an interrupted Helm left of \(site.release)",
                action: .run(command: site.helm.uninstall()))
            : Step(
                id: "free-release", title: "Take \(site.release) back from an interrupted upgrade",
                action: .run(command: site.helm.rollback(to: release.revision - 1, waits: false)))
    }

    var unpack: Step {
        Step(
            id: "chart", title: "Unpack the chart \(Chart.label)",
            action: .unpackChart(folder: places.chart(of: site)),
            undo: [.remove(paths: [places.chart(of: site)])])
    }

    func upgrade(_ release: Facts.Release?) -> Step {
        let before = release.flatMap(revisionBefore)
        let command = site.helm.upgradeInstall(
            chart: places.chart(of: site), values: values.json,
            further: answers.values.isEmpty ? nil : answers.values.expanded(home: home),
            timeout: answers.timeout)
        return Step(
            id: "release", title: "\(before == nil ? "Install" : "Upgrade") the release \(site.release)",
            action: .run(command: command),
            undo: before.map {
                // What did not get ready then does not get ready now.
                [.run(command: site.helm.rollback(to: $0, waits: release?.status == "deployed"))] + undoClaim
            } ?? [.run(command: site.helm.uninstall())] + undoClaim)
    }

    /// The revision to go back to; nil where there is none.
    func revisionBefore(_ release: Facts.Release) -> Int? {
        if release.isHalfThere || release.status == "uninstalled" { return nil }
        return release.isLocked ? release.revision - 1 : release.revision
    }

    /// Helm keeps the cache volume, which the chart marks so. One that certainly was not there before goes with the
    /// release that has failed.
    var undoClaim: [Action] {
        guard answers.cache != .none, facts.cacheClaim.value == .some(nil) else { return [] }
        return [
            .run(
                command: site.kubectl.delete(
                    "persistentvolumeclaim", answers.cacheClaim, wait: false))
        ]
    }
}
