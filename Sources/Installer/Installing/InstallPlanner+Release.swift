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

    /// A release that an interrupted Helm left locked is freed first.
    func mend(_ release: Facts.Release) -> Step? {
        switch release.status {
        case "pending-install", "uninstalling":
            Step(
                id: "free-release", title: "Remove what an interrupted Helm left of \(site.release)",
                action: .run(command: site.helm.uninstall()))
        case "pending-upgrade", "pending-rollback":
            Step(
                id: "free-release", title: "Take \(site.release) back from an interrupted upgrade",
                action: .run(command: site.helm.rollback(to: release.revision - 1)))
        default: nil
        }
    }

    var unpack: Step {
        Step(
            id: "chart", title: "Unpack the chart \(Chart.label)",
            action: .unpackChart(folder: places.chart(of: site)),
            undo: [.remove(paths: [places.chart(of: site)])])
    }

    func upgrade(_ release: Facts.Release?) -> Step {
        let isThere = release.map { ["deployed", "failed", "superseded"].contains($0.status) } ?? false
        let command = site.helm.upgradeInstall(
            chart: places.chart(of: site), values: values.json,
            further: answers.values.isEmpty ? nil : answers.values.expanded(home: home),
            timeout: answers.timeout)
        return Step(
            id: "release", title: "\(isThere ? "Upgrade" : "Install") the release \(site.release)",
            action: .run(command: command),
            undo: isThere ? [.run(command: site.helm.rollback(to: release?.revision ?? 0))] : undoInstall)
    }

    /// Helm keeps the cache volume, which the chart marks so; an install that failed leaves none.
    var undoInstall: [Action] {
        let claim = Action.run(
            command: site.kubectl.delete("persistentvolumeclaim", "\(answers.fullname)-cache", wait: false))
        return [.run(command: site.helm.uninstall())] + (facts.hasCacheClaim.value == true ? [] : [claim])
    }
}
