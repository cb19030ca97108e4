import FoundationEssentials
import MutualTLS

/// What a shell offers for a word of a command line, from this machine's files and a short question to the cluster.
/// A question that fails offers nothing: a completion has nobody to tell.
public struct CompletionCandidates: Sendable {
    private let answers: Answers
    private let dependencies: Dependencies

    /// - Parameter words: the command line so far, which may name context, namespace and release.
    public init(_ words: [String], in dependencies: Dependencies) {
        self.dependencies = dependencies
        var answers = Answers()
        for field in [Field.context, .namespace, .release, .certs] {
            let flags = ["--\(field.id)"] + (field.id == Field.namespace.id ? ["-n"] : [])
            guard let text = Self.value(of: flags, in: words) ?? dependencies.environment[field.variable]
            else {
                continue
            }
            // A value that cannot be used is not what completes the next word.
            try? field.store(text, in: &answers)
        }
        self.answers = answers
    }

    private static func value(of flags: [String], in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if flags.contains(word), words.indices.contains(index + 1) { return words[index + 1] }
            if let flag = flags.first(where: { word.hasPrefix("\($0)=") }) {
                return String(word.dropFirst(flag.count + 1))
            }
        }
        return nil
    }

    public var namespaces: [String] { get async { await names(of: "namespaces") } }
    public var storageClasses: [String] { get async { await names(of: "storageclasses") } }

    public var releases: [String] {
        get async {
            await lines(
                Command(
                    .helm,
                    ["list", "--short", "--namespace", answers.namespace]
                        + (answers.context.isEmpty ? [] : ["--kube-context", answers.context]),
                    timeout: Self.patience))
        }
    }

    /// The clients that have certificates on this machine.
    public var clients: [String] {
        get async {
            let installation = await FactCollector(dependencies: dependencies, answers: answers)
                .installation()
            let layout = CertificateLayout(
                answers, installation: installation, places: dependencies.places, home: dependencies.home)
            return (try? layout.outer.clientNames()) ?? []
        }
    }

    /// A person waits for it at a prompt.
    private static let patience = 3

    private func names(of kind: String) async -> [String] {
        await lines(
            Kubectl(context: answers.context)(
                "get", kind, "--request-timeout=2s", "--output",
                "jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}", timeout: Self.patience))
    }

    private func lines(_ command: Command) async -> [String] {
        guard let result = try? await dependencies.runner.run(command), result.status == 0 else { return [] }
        return result.output.split(separator: "\n").map { $0.trimmed }
    }
}
