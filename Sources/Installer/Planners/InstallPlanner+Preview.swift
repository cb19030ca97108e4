import FoundationEssentials
import MutualTLS

extension InstallPlanner {
    /// What an install changes of what is there already: chart, values, certificates, and the builder here.
    var differences: [PlannedChange] {
        chartDifferences + valueDifferences + certificateDifferences + builderDifferences
    }

    private var upgraded: Facts.Release? {
        guard !releaseSteps.isEmpty, let release = facts.release, !release.hasNoPriorRevision
        else {
            return nil
        }
        return release
    }

    private var chartDifferences: [PlannedChange] {
        guard let release = upgraded else { return [] }
        let image = [["builder", "image", "tag"], ["builder", "image", "digest"]]
        let isPinned = image.contains { released[$0] != nil || values.json[$0] != nil }
        return [
            release.chart == Chart.label ? nil : PlannedChange("chart", release.chart, Chart.label),
            isPinned ? nil : builderDifference(release),
        ].compactMap { $0 }
    }

    private func builderDifference(_ release: Facts.Release) -> PlannedChange? {
        guard let version = release.appVersion, version != Chart.appVersion else { return nil }
        return PlannedChange("BuildKit", version, Chart.appVersion)
    }

    private var valueDifferences: [PlannedChange] {
        guard upgraded != nil else { return [] }
        let own = "the chart's own"
        let set = values.json.leaves.filter { released[$0.key] != $0.value }.map { path, value in
            PlannedChange(path.joined(separator: "."), released[path]?.inWords ?? own, value.inWords)
        }
        let gone = dropped.map { path in
            PlannedChange(path.joined(separator: "."), released[path]?.inWords ?? own, own)
        }
        return (set + gone).sorted { $0.what < $1.what }
    }

    private var certificateDifferences: [PlannedChange] {
        let planned = Set(secretSteps.map(\.id))
        let secrets = facts.secrets
        let made = facts.folder?.certificates.first { $0.role == .server }
        func difference(
            _ what: String, _ step: Step.ID, _ state: Facts.SecretState?, _ fresh: CertificateSummary?
        )
            -> PlannedChange?
        {
            guard let state, planned.contains(step) else { return nil }
            let before = state.certificates.first { $0.role == .server }
            return PlannedChange(
                what, before.map(\.inWords) ?? "cannot be read", fresh.map(\.inWords) ?? "newly issued")
        }
        return [
            difference("server certificate", "envoy-secret", secrets.outer, made),
            difference("BuildKit's own certificate", innerSecretStep, secrets.inner, nil),
        ].compactMap { $0 }
    }

    private var builderDifferences: [PlannedChange] {
        guard builder.registration != nil, let endpoint = builder.endpoint,
            let existing = builder.existing, let before = existing.nodes.first?.endpoint,
            before != "\(endpoint)"
        else { return [] }
        return [PlannedChange("builder \(answers.builder)", before, "\(endpoint)")]
    }
}

extension CertificateSummary {
    /// Enough to tell it from another one.
    fileprivate var inWords: String {
        "until \(notAfter.formatted(.iso8601.year().month().day())), serial \(serial.prefix(8))"
    }
}

extension JSONValue {
    /// A value as a person writes it.
    fileprivate var inWords: String { string ?? text }
}

extension InstallPlanner {
    /// What an upgrade means for those who build, and for those who have changed the release.
    var upgradeNotes: [String] {
        guard isUpgrade, !releaseSteps.isEmpty else { return [] }
        var notes: [String] = []
        if let activity = facts.activity, !activity.isNone {
            notes.append("Now \(activity.inWords).")
        }
        notes.append(
            "Builds that run come to their end before the pod goes that they run on. Builds that begin meanwhile are "
                + "held until the new one is ready.")
        return notes
    }

    /// What becomes of the values that others have set.
    var valueNotes: [String] {
        let others = valuesOfOthers
        guard !releaseSteps.isEmpty, !others.isEmpty else { return [] }
        return [
            continued == nil
                ? "Values that were set on the release otherwise go, for one of them may be why it is not deployed: "
                    + "\(others.inShort)."
                : "Values that were set on the release otherwise stay: \(others.inShort)."
        ]
    }

    /// What was made by hand or by another tool, and becomes a part of the installation.
    var adoptionNotes: [String] {
        var notes: [String] = []
        if case .otherMachine(let evidence) = facts.secretsOwner, !secretSteps.isEmpty {
            notes.append(
                "The Secrets were made on another machine: \(evidence). Every client with certificates of that "
                    + "authority is locked out, and its list of revocations is lost.")
        }
        let names = CertificateLayout.secretNames
        if answers.certificates == .secrets {
            notes.append("The Secrets \(names.outer) and \(names.inner) are used as they are.")
        }
        let usual = Answers().builder
        if answers.builder != usual,
            let other = facts.builder.builders.builders.first(where: { $0.name == usual }),
            other.installation != nil
        {
            notes.append(
                "The builder \(usual) belongs to \(other.ownerInWords) and stays as it is; this one is called "
                    + "\(answers.builder).")
        }
        if let builder = builder.adopted {
            notes.append("The builder \(builder.name) is at that address already, and stays as it is.")
        }
        return notes
    }
}
