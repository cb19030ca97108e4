import FoundationEssentials
import Installer

/// The values that a shell offers for a flag, read from this machine and from the cluster.
///
/// A user waits for them at the Tab key: each takes one query with a time limit. What cannot be read has no
/// completions; an error would garble the command line.
struct ValueCompletion: Sendable {
    /// The longest wait for a query, in seconds.
    private static let limit = 2

    private let dependencies: Dependencies
    private let runner: any CommandRunner
    private let resolution: ResolvedAnswers

    /// - Parameter words: the command line, which selects the cluster and the certificates directory; so do the
    ///   environment variables.
    init?(_ words: [String]) {
        // Without a home folder nothing can be completed.
        guard let dependencies = try? Dependencies.live() else { return nil }
        self.dependencies = dependencies
        // A tool that ignores the end of its time is not waited for.
        runner = ProcessRunner(environment: dependencies.environment, grace: .milliseconds(100))
        resolution = AnswerSources(
            file: nil, environment: dependencies.environment, flags: Self.selection(in: words)
        ).resolve()
    }

    /// The flags on the command line that select the installation.
    private static func selection(in words: [String]) -> [Field.ID: String] {
        // Bash separates a value from its flag at the equals sign.
        let words = words.filter { $0 != "=" }
        var selection: [Field.ID: String] = [:]
        for (word, next) in zip(words, words.dropFirst() + [""]) {
            for field in [Field.context, Field.namespace, Field.certs] {
                let flag = "--\(field.id)"
                let isShort = word == "-n" && field.id == Field.namespace.id
                if word == flag || isShort { selection[field.id] = next }
                if word.hasPrefix("\(flag)=") { selection[field.id] = String(word.dropFirst(flag.count + 1)) }
            }
        }
        return selection
    }

    /// The contexts of the kubeconfig; no request is sent.
    func contexts() async -> [String] {
        await lines(
            of: Command(.kubectl, ["config", "get-contexts", "--output", "name"], timeout: Self.limit))
    }

    func namespaces() async -> [String] { await objects(at: "/api/v1/namespaces") }

    func storageClasses() async -> [String] { await objects(at: "/apis/storage.k8s.io/v1/storageclasses") }

    /// The releases in the namespace, if it is given, else in all namespaces.
    func releases() async -> [String] {
        let answers = resolution.answers
        let isGiven = resolution.origins[Field.namespace.id] != nil
        return await lines(
            of: Command(
                .helm,
                ["list", "--short"] + (isGiven ? ["--namespace", answers.namespace] : ["--all-namespaces"])
                    + (answers.context.isEmpty ? [] : ["--kube-context", answers.context]),
                timeout: Self.limit))
    }

    /// The clients with certificates on this machine.
    func clients() async -> [String] {
        Self.plain(dependencies.clientNames(in: resolution.answers.certs))
    }

    /// The builders of docker buildx, from its files: no builder is dialled.
    func builders() async -> [String] { Self.plain(dependencies.builderNames) }

    /// The names of a list in the cluster. A raw request saves kubectl the discovery of the API.
    private func objects(at path: String) async -> [String] {
        let kubectl = Kubectl(context: resolution.answers.context)
        let query = kubectl(
            "get", "--raw", "\(path)?limit=500", "--request-timeout=\(Self.limit)s", timeout: Self.limit)
        guard let text = try? await runner(query),
            let list = try? JSONDecoder().decode(ObjectList.self, from: Data(text.utf8))
        else { return [] }
        return Self.plain(list.items.map(\.metadata.name))
    }

    private struct ObjectList: Decodable {
        struct Object: Decodable {
            struct Metadata: Decodable { var name: String }
            var metadata: Metadata
        }
        var items: [Object]
    }

    private func lines(of command: Command) async -> [String] {
        guard let text = try? await runner(command) else { return [] }
        return Self.plain(text.split(separator: "\n").map(String.init))
    }

    /// Those that are one word and act neither on a terminal nor on a shell's line.
    private static func plain(_ names: [String]) -> [String] {
        names.filter { name in
            !name.isEmpty && name.visibleLine == name && !name.contains { $0.isWhitespace }
        }
    }
}
