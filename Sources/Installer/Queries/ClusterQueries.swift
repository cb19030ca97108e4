import FoundationEssentials

extension Query<String> {
    /// The API server's version, which also shows whether the server can be reached.
    /// - Parameter loginTimeout: the timeout in seconds, where the user may have to log in first.
    static func server(_ installation: InstallationID, loginTimeout: Int? = nil) -> Query {
        let arguments = ["version", "--output", "json"]
        let command =
            loginTimeout.map {
                installation.cluster.command(arguments + ["--request-timeout=\($0)s"], timeout: $0)
            } ?? installation.cluster.look(arguments)
        return Query(command) { result throws(InstallerError) in
            // Without a server kubectl exits with status 1, and still prints its own version.
            let reply: ServerReply? = result.status == 0 ? try result.json(else: sentence) : nil
            guard let version = reply?.serverVersion?.gitVersion.firstVersion else {
                throw InstallerError(
                    sentence, detail: result.errors.trimmed, hint: .reachCluster(by: command))
            }
            return version
        }
    }

    private static let sentence = "The cluster does not respond"

    private struct ServerReply: Decodable {
        struct Version: Decodable { var gitVersion: String }
        var serverVersion: Version?
    }
}

extension FactSource {
    /// A user without permission to list nodes continues without them.
    static func nodes(_ installation: InstallationID) -> FactSource {
        FactSource(\.nodes, .nodes(installation)) { facts in
            guard facts.nodes.failure?.code == .forbidden else { return }
            facts.nodes = .known([])
            facts.mayListNodes = false
        }
    }
}

extension Query<[Facts.Node]> {
    /// The nodes that can run BuildKit: those with Linux.
    static func nodes(_ installation: InstallationID) -> Query {
        Query(installation.cluster.look("get", "nodes", "--output", "json")) {
            result throws(InstallerError) in
            // Users with rights in one namespace rarely have permission to list nodes.
            if result.status != 0, result.errors.contains("(Forbidden)") {
                throw InstallerError("No permission to list nodes", detail: result.said, code: .forbidden)
            }
            return try listed(result)
        }
    }

    /// The Linux nodes in the output of kubectl.
    static func listed(_ result: CommandResult) throws(InstallerError) -> [Facts.Node] {
        let nodes: [NodesReply] = try result.items(else: "The nodes cannot be listed")
        return nodes.filter(\.runsLinux).map(\.node)
    }

    private struct NodesReply: Decodable {
        struct Address: Decodable { var type, address: String }
        struct Info: Decodable {
            var architecture, kernelVersion, kubeletVersion, containerRuntimeVersion, operatingSystem: String
        }
        /// https://kubernetes.io/docs/reference/node/node-status/#runtime-handlers
        struct RuntimeHandler: Decodable {
            struct Features: Decodable { var userNamespaces: Bool? }
            /// Empty: the handler for pods without a runtime class.
            var name: String?
            var features: Features?
        }
        struct Status: Decodable {
            var addresses: [Address]?
            var nodeInfo: Info
            var runtimeHandlers: [RuntimeHandler]?
        }
        var metadata: KubernetesMetadata
        var status: Status

        /// Very old clusters do not report it.
        var runsLinux: Bool { ["linux", ""].contains(status.nodeInfo.operatingSystem) }

        var node: Facts.Node {
            let info = status.nodeInfo
            return Facts.Node(
                name: metadata.name, addresses: addresses.map(\.address), architecture: info.architecture,
                kernel: info.kernelVersion, kubelet: info.kubeletVersion.firstVersion ?? info.kubeletVersion,
                runtime: info.containerRuntimeVersion, addressKinds: addresses.map(\.type),
                userNamespaces: userNamespaces)
        }

        /// The features of the handler for pods without a runtime class, such as BuildKit's.
        var userNamespaces: Bool? {
            let handlers = status.runtimeHandlers ?? []
            guard let handler = handlers.first(where: { ($0.name ?? "").isEmpty }) ?? handlers.first,
                let features = handler.features
            else { return nil }
            return features.userNamespaces ?? false
        }

        /// The node's addresses, the most widely reachable first.
        private var addresses: [Address] {
            Facts.Node.addressKinds.flatMap { kind in
                (status.addresses ?? []).filter { $0.type == kind && $0.address.isHost }
            }
        }
    }
}

extension Query<[String]> {
    /// The names of all namespaces.
    static func namespaces(_ installation: InstallationID) -> Query {
        Query(installation.cluster.look("get", "namespaces", "--output", "json")) {
            result throws(InstallerError) in
            let namespaces: [JSONValue] = try result.items(else: "The namespaces cannot be listed")
            return namespaces.map(\.name).sorted()
        }
    }
}

extension Query<[Facts.StorageClass]> {
    static func storageClasses(_ installation: InstallationID) -> Query {
        Query(installation.cluster.look("get", "storageclasses", "--output", "json")) {
            result throws(InstallerError) in
            let classes: [StorageClassesReply] = try result.items(else: "The StorageClasses cannot be listed")
            return classes.map {
                Facts.StorageClass(
                    name: $0.metadata.name, isDefault: $0.metadata.marksDefault,
                    allowsExpansion: $0.allowVolumeExpansion ?? false)
            }
        }
    }

    private struct StorageClassesReply: Decodable {
        var metadata: KubernetesMetadata
        var allowVolumeExpansion: Bool?
    }
}

extension KubernetesMetadata {
    /// https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass, and its former annotation.
    fileprivate var marksDefault: Bool {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .contains { annotations?[$0] == "true" }
    }
}

extension Query<Facts.NamespaceState> {
    static func namespace(_ installation: InstallationID) -> Query {
        Query(
            installation.cluster.look(
                "get", "namespace", installation.namespace, "--ignore-not-found", "--output", "json")
        ) { result throws(InstallerError) in
            let reply: NamespaceReply? = try result.json(
                else: "The namespace \(installation.namespace) cannot be read")
            return Facts.NamespaceState(
                exists: reply != nil, isTerminating: reply?.status?.phase == "Terminating",
                labels: reply?.metadata.labels ?? [:], heldBy: reply?.heldBy ?? [])
        }
    }
}

/// The fields of a namespace that this program needs.
struct NamespaceReply: Decodable {
    struct Condition: Decodable { var type, status: String, message: String? }
    struct Status: Decodable {
        var phase: String?
        var conditions: [Condition]?
    }
    var metadata: KubernetesMetadata
    var status: Status?

    /// What blocks its deletion. Kubernetes lists five conditions; those that apply are `True`.
    var heldBy: [String] {
        (status?.conditions ?? []).filter { $0.status == "True" }.compactMap(\.message)
    }
}

extension Facts {
    /// Whether the additional values need KEDA and the cluster does not have it.
    /// - Throws: ``InstallerError`` where their file cannot be read, or only once: Helm reads it several times.
    static func lacksKEDA(_ answers: Answers, in dependencies: Dependencies) async throws -> Bool {
        guard !answers.values.isEmpty else { return false }
        let path = answers.values.expanded(home: dependencies.home)
        guard try String(decoding: Data(ofRegularFile: path), as: UTF8.self).asksForSleep else {
            return false
        }
        return try await !Query.hasKEDA(answers.installation).value(from: dependencies.runner)
    }
}

extension Query<Bool> {
    /// Whether the cluster has the kinds of KEDA that the chart creates.
    static func hasKEDA(_ installation: InstallationID) -> Query {
        Query(installation.cluster.look("api-versions")) { result throws(InstallerError) in
            let sentence = "The API versions of the cluster cannot be listed"
            let versions = try result.text(else: sentence).split(separator: "\n")
            // Every cluster has the version of the core group.
            guard versions.contains("v1") else { throw InstallerError(ofUnknownOutput: sentence) }
            return versions.contains("keda.sh/v1alpha1")
        }
    }
}

extension String {
    /// Whether a values file, in YAML or JSON, sets `builder.sleep.enabled`. This program has no YAML parser: an
    /// unusual notation is left to the chart, which rejects it too.
    var asksForSleep: Bool {
        let lines = split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "#" } }
        let words = lines.joined(separator: " ").split { " \t{}[],:\"'".contains($0) }
        guard let sleep = words.lastIndex(of: "sleep") else { return false }
        var settings = words[(sleep + 1)...]
        while let key = settings.popFirst(), ["enabled", "after", "poll"].contains(key) {
            if settings.popFirst() == "true", key == "enabled" { return true }
        }
        return false
    }
}
