import Installer

/// What was found on this machine and in the cluster, for the start page.
struct DetectedState {
    private let context: PageContext
    private var model: WizardModel { context.model }
    private var facts: Facts { context.model.facts }

    init(_ context: PageContext) { self.context = context }

    /// The known parts, each with its label.
    var rows: [(label: String, text: String)] {
        [
            ("Cluster", cluster), ("Release", release), ("Builder", builder), ("Interrupted", interruptedRun),
        ].compactMap { label, text in text.map { (label: label, text: $0) } }
    }

    private var cluster: String? {
        guard facts.contexts.value != nil else { return nil }
        return context.guide.contextName(model) + (facts.server.value.map { ", Kubernetes \($0)" } ?? "")
    }

    private var release: String? {
        let name = "\(model.answers.release) in namespace \(model.answers.namespace)"
        return facts.release.value.map { release in
            release.map { "\(name): \($0.chart), \($0.status)" } ?? "not installed (\(name))"
        }
    }

    private var builder: String? {
        guard let known = facts.builders.value else { return nil }
        let builder = known.builders.first { $0.name == model.answers.builder }
        let endpoint = builder?.nodes.first?.endpoint
        return builder.map { "\($0.name) at \(endpoint ?? "no endpoint")" }
            ?? "not registered (\(model.answers.builder))"
    }

    private var interruptedRun: String? {
        guard let interruptedRun = facts.resumableRun.value ?? nil else { return nil }
        let plan = interruptedRun.run.plan
        return "\(plan.title); \(plan.resumption) resumes it"
    }

    /// Why the list may lack installations of the cluster; nil where it was read, or where there is no cluster to ask.
    var unread: String? {
        guard !model.isLooking, facts.contexts.value?.names.isEmpty == false,
            let failure = facts.installations.failure
        else { return nil }
        // The message of the list only repeats that it is unknown; the tool's own words after it say why.
        let words = failure.sentence.dropFirst(failure.message.count + 2)
        let reason = facts.server.failure?.message ?? (words.isEmpty ? failure.message : String(words))
        return "The cluster's installations are unknown: \(reason)"
    }
}
