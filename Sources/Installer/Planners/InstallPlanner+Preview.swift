import FoundationEssentials
import MutualTLS

extension InstallPlanner {
    /// The changes of an install to the current state: chart, values, certificates, and the builder on this machine.
    var differences: [PlannedChange] {
        chartDifferences + valueDifferences + certificateDifferences + authorityDifferences
            + builderDifferences
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
        let own = "chart default"
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
            difference("internal certificate", innerSecretStep, secrets.inner, nil),
        ].compactMap { $0 }
    }

    private var replacesOuterSecret: Bool {
        facts.secrets.outer != nil && secretSteps.contains { $0.id == "envoy-secret" }
    }

    private var authorityDifferences: [PlannedChange] {
        let (before, after) = (facts.authorities.inSecret, facts.authorities.installed)
        guard replacesOuterSecret, !before.isEmpty, Set(before) != Set(after) else { return [] }
        return [
            PlannedChange("trusted CAs", before.shortSerials, after.isEmpty ? "a new CA" : after.shortSerials)
        ]
    }

    /// The owners of the Secrets that are not ours have notes of their own.
    private var authorityNotes: [String] {
        let dropped = facts.authorities.dropped
        guard replacesOuterSecret, facts.secretsOwner == .ours, !dropped.isEmpty else { return [] }
        let what = dropped.asAuthorities
        return [
            "\(what.prefix(1).uppercased() + what.dropFirst()) \(dropped.count == 1 ? "is" : "are") no longer trusted: "
                + "\(dropped.lossOfAccess)."
        ]
    }

    private var builderDifferences: [PlannedChange] {
        guard builder.registration != nil, let endpoint = builder.endpoint,
            let existing = builder.existing, let before = existing.ownNode?.endpoint,
            before != "\(endpoint)"
        else { return [] }
        return [PlannedChange("builder \(answers.builder)", before, "\(endpoint)")]
    }
}

extension CertificateSummary {
    /// Enough to distinguish two certificates.
    fileprivate var inWords: String {
        "expires \(notAfter.formatted(.iso8601.year().month().day())), serial \(serial.prefix(8))"
    }
}

extension JSONValue {
    /// A value as a user writes it.
    fileprivate var inWords: String { string ?? text }
}

extension InstallPlanner {
    /// The effects of an upgrade on builds, and on values that were changed outside this program.
    var upgradeNotes: [String] {
        guard isUpgrade, !releaseSteps.isEmpty else { return [] }
        var notes: [String] = []
        if let activity = facts.activity, !activity.isNone {
            notes.append("Current load: \(activity.inWords).")
        }
        notes.append(
            "Running builds finish before the old pod stops. New builds are queued until the new pod is "
                + "ready.")
        return notes
    }

    /// The handling of values that were set outside this program.
    var valueNotes: [String] {
        let others = valuesOfOthers
        guard !releaseSteps.isEmpty, !others.isEmpty else { return [] }
        return [
            continued == nil
                ? "Release values set outside buildkit-installer are dropped, since one may have caused the failure: "
                    + "\(others.inShort)."
                : "Release values set outside buildkit-installer are kept: \(others.inShort)."
        ]
    }

    /// Parts that were created manually or by another tool, and become part of the installation.
    var adoptionNotes: [String] {
        var notes = authorityNotes
        switch facts.secretsOwner {
        case .otherFolder(let folder) where !secretSteps.isEmpty:
            notes.append(
                "The Secrets belong to another certificate directory of this machine: \(folder.path). All clients "
                    + "with certificates of its CA lose access, and its revocation list is lost.")
        case .otherMachine(let evidence) where !secretSteps.isEmpty:
            notes.append(
                "The Secrets were created on another machine: \(evidence). All clients with certificates of that "
                    + "CA lose access, and its revocation list is lost.")
        case .foreign(let who) where !secretSteps.isEmpty:
            notes.append(
                "Secrets not created by buildkit-installer are replaced: \(who). Clients with certificates of "
                    + "another CA lose access.")
        case .absent, .ours, .otherFolder, .otherMachine, .foreign: break
        }
        let names = CertificateLayout.secretNames
        if answers.certificates == .secrets {
            notes.append("The existing Secrets \(names.outer) and \(names.inner) are used unchanged.")
        }
        let usual = Answers().builder
        if answers.builder != usual,
            let other = facts.builder.builders.builders.first(where: { $0.name == usual }),
            other.installation != nil
        {
            notes.append(
                "The builder \(usual) belongs to \(other.ownerInWords) and is kept; this builder is named "
                    + "\(answers.builder).")
        }
        if let builder = builder.adopted {
            notes.append("The builder \(builder.name) is already registered at that address and is kept.")
        }
        return notes
    }
}
