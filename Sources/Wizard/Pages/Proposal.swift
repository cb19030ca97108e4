import Installer
import MutualTLS

/// What a workflow would do with the current settings, on one card: each line with its value and the reason for it.
struct Proposal {
    /// A line of the card.
    struct Row: Equatable {
        var label: String
        var value: String
        /// The value of which only the beginning is shown.
        var whole: String?
        /// Why it has this value, or what follows from it; empty: nothing to add.
        var reason = ""
        /// The field that changes it; nil where none does.
        var field: Field.ID?

        /// The line for the wizard without a screen. What a missing value means stands in its place.
        var sentence: String {
            guard !value.isEmpty else { return "\(label): \(reason)" }
            return "\(label): \(value)" + (reason.isEmpty ? "" : " (\(reason))")
        }
    }

    private let model: WizardModel
    private let guide: WizardFlow
    private let ownFolder: String
    private var answers: Answers { model.answers }
    private var facts: Facts { model.facts }

    init(_ context: PageContext) {
        model = context.model
        guide = context.guide
        ownFolder = context.guide.ownCertificates(context.model)
    }

    var rows: [Row] {
        switch guide.verb {
        case .install: [cluster, namespace] + network + [certificates, isolation, cache] + registration
        case .uninstall: [cluster, installation] + removal
        case .rotate: [cluster, installation] + renewal
        case .sleep, .wake: [cluster, installation] + scaling
        default: [cluster, installation] + client
        }
    }

    private func row(_ field: Field, _ value: String, _ reason: String = "") -> Row {
        Row(label: field.label, value: value, reason: reason, field: field.id)
    }

    // MARK: Where

    private var cluster: Row {
        let name = guide.contextName(model)
        var known = facts.server.value.map { ["Kubernetes \($0)"] } ?? []
        if let nodes = facts.nodes.value, !nodes.isEmpty {
            known.append(nodes.count == 1 ? "1 node" : "\(nodes.count) nodes")
            known.append(Set(nodes.map(\.architecture)).sorted().joined(separator: " + "))
        }
        return Row(
            label: "Cluster", value: name.isEmpty ? "none" : name, reason: known.joined(separator: ", "),
            field: Field.context.id)
    }

    private var namespace: Row {
        let isNew = facts.namespace.value.map { !$0.exists }
        let state = isNew.map { $0 ? "will be created" : "exists" } ?? ""
        let release = answers.release == answers.namespace ? [] : ["release \(answers.release)"]
        let upgrade = facts.release.value?.map { ["upgrade of \($0.chart)"] } ?? []
        return row(
            .namespace, answers.namespace,
            ([state] + release + upgrade).filter { !$0.isEmpty }.joined(separator: ", "))
    }

    private var installation: Row {
        let state = facts.release.value.map { $0.map { "\($0.chart), \($0.status)" } ?? "not installed" }
        let reason = ["namespace \(answers.namespace)", state].compactMap(\.self).joined(separator: ", ")
        return Row(
            label: "Installation", value: answers.release, reason: reason, field: Field.release.id)
    }

    // MARK: Install

    private var network: [Row] {
        let address = AddressNotes(answers, facts)
        return [row(.exposure, answers.exposure.rawValue, address.dialled), sans]
    }

    private var sans: Row {
        guard Field.sans.isAsked(with: answers) else {
            return row(.sans, "existing certificate", "its names")
        }
        let names = answers.named(by: facts).names.map { "\($0)" }
        var row = row(.sans, names.first ?? "none", answers.sans.isEmpty ? "automatic" : "")
        if names.count > 1 {
            row.whole = names.joined(separator: ",")
            let more = "and \(names.count - 1) more"
            row.reason = row.reason.isEmpty ? more : "\(more), \(row.reason)"
        }
        return row
    }

    private var certificates: Row {
        switch answers.certificates {
        case .issue:
            let isKept = facts.files.value.map { !$0.isEmpty } ?? false
            let periods = "CA \(period(answers.authorityDays)), certificates \(period(answers.days))"
            return row(.certificates, isKept ? "existing private CA" : "new private CA", periods)
        case .bake, .folder, .secrets:
            let folder = answers.certs.isEmpty ? ownFolder : guide.short(answers.certs)
            return row(.certificates, answers.certificates.rawValue, folder)
        }
    }

    private func period(_ days: Int) -> String {
        let years = days / 365
        return days % 365 == 0 ? years == 1 ? "1 year" : "\(years) years" : "\(days) days"
    }

    private var isolation: Row {
        guard let profile = answers.security else {
            let best = SecurityProfile.recommended(by: facts)
            return facts.server.isPending
                ? row(.security, "automatic")
                : row(.security, best.profile.rawValue, best.reason)
        }
        return row(.security, profile.rawValue)
    }

    private var cache: Row {
        guard case .size(let size) = answers.cache else { return row(.cache, "none", "lost with the pod") }
        let preset = facts.storageClasses.value?.first { $0.isDefault }?.name
        let name = answers.storageClass.isEmpty ? preset : answers.storageClass
        return row(.cache, size, name.map { "StorageClass \($0)" } ?? "")
    }

    private var registration: [Row] {
        let kept = facts.builders.value?.current.map { "\($0) remains the current builder" } ?? ""
        return [
            row(.builder, answers.builder, answers.use ? "becomes the current builder" : kept),
            row(.verify, answers.verify ? "yes" : "no", answers.verify ? "through the endpoint" : ""),
        ]
    }

    // MARK: Rotate

    private var renewal: [Row] {
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        let used = inventory.entries.filter { $0.places != [.renewal] }
        let certificates = used.map { entry in
            Row(label: entry.label.capitalizedFirst, value: entry.expiry, reason: entry.placesInWords)
        }
        return [row(.renew, answers.renew.rawValue, "running builds continue")] + certificates
    }

    // MARK: Uninstall

    private var removal: [Row] {
        let found = facts.proposals(for: Field.remove.id, with: answers)
        let parts = facts.installedParts(answers)
        return RemovablePart.allCases.map { part in
            let known = parts.first { $0.part == part }
            let what = known?.keptBecause ?? found.first { $0.value == part.rawValue }?.reason ?? ""
            // What was not found, or could not be read, is neither removed nor kept.
            let value = known.map { $0.goes ? "remove" : "keep" } ?? "-"
            return Row(
                label: part.label, value: value, reason: guide.short(what),
                field: Field.remove.id)
        }
    }

    // MARK: Sleep and wake

    private var scaling: [Row] {
        let isSleep = guide.verb == .sleep
        let state = facts.scale.value.map { "\($0.inWords) now, " } ?? ""
        let activity = facts.activity.value.map { $0.inWords.isEmpty ? "none" : $0.inWords } ?? "unknown"
        return [
            Row(
                label: "BuildKit", value: isSleep ? "scale to zero" : "scale to one",
                reason: state + (isSleep ? "the cache is kept" : "queued builds continue")),
            Row(
                label: "Builds", value: facts.activity.isPending ? "" : activity,
                reason: isSleep ? "new builds are queued" : ""),
            row(.timeout, "\(answers.timeout)"),
        ]
    }

    // MARK: Clients

    private var client: [Row] {
        let fields = guide.verb.forms.flatMap(\.fields).filter { field in
            [Field.name, .role, .bundle, .serial, .now].contains { $0.id == field.id }
                && field.isAsked(with: answers)
        }
        return fields.map {
            row($0, $0.text(in: answers), $0.text(in: answers).isEmpty ? $0.emptyMeaning ?? "" : "")
        }
    }
}

extension RemovablePart {
    fileprivate var label: String {
        switch self {
        case .foreignSecrets: "Other Secrets"
        case .authority: "CA key"
        case .records: "Local state"
        default: rawValue.capitalizedFirst
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
