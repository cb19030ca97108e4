import FoundationEssentials
import LabSupport

/// One installation under test: a user's machine, and a namespace that the installer creates.
struct Installation: Sendable {
    /// The test's own folder, with the machine's home and programs in it.
    let folder: String
    let namespace: String
    let laptop: Laptop
    let cluster: Cluster

    /// Runs `body` with a machine of its own and a new namespace; both are removed afterwards. The number of
    /// concurrent installations is limited to the number of processors: each runs three programs.
    /// - Parameters:
    ///   - namespace: an existing one; nil: a new name.
    ///   - kubeconfig: the user's; nil: a kubeconfig with full permissions.
    static func begin(
        in namespace: String? = nil, kubeconfig: String? = nil,
        tools: [LabPart] = [.kubectl, .helm, .docker],
        _ body: (Installation) async throws -> Void
    ) async throws {
        try await turns.take {
            try await beginAtOnce(in: namespace, kubeconfig: kubeconfig, tools: tools, body)
        }
    }

    private static let turns = Turns(ProcessInfo.processInfo.activeProcessorCount)

    /// The same without waiting for a turn, where the caller already has one.
    static func beginAtOnce(
        in namespace: String? = nil, kubeconfig: String? = nil,
        tools: [LabPart] = [.kubectl, .helm, .docker],
        _ body: (Installation) async throws -> Void
    ) async throws {
        let cluster = try await Cluster.shared
        let namespace = namespace ?? "at-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(
                in: folder, kubeconfig: kubeconfig ?? cluster.kubeconfig, tools: tools,
                // Programs leave temporary files; here they can be inspected and are deleted with the folder.
                environment: ["TMPDIR": folder])
            let installation = Installation(
                folder: folder, namespace: namespace, laptop: laptop, cluster: cluster)
            do { try await body(installation) } catch {
                try await cluster.forget(namespace)
                throw error
            }
            try await cluster.forget(namespace)
        }
    }

    /// The answers of every run here: there is no data path to verify, and no volume unless a test creates one.
    var answers: [String] {
        ["--namespace", namespace, "--cache", "none", "--verify", "no", "--timeout", "120"]
    }

    /// Runs the installer as a script would.
    func install(_ more: String...) async throws -> Outcome {
        try await laptop.installer.run(["install", "--yes"] + answers + more)
    }

    /// From now on BuildKit's pod cannot start.
    func setImageThatCannotBePulled() async throws {
        try await cluster.kubectl.require(
            "set", "image", "deployment/buildkit-builder", "buildkitd=registry.test/unready", "-n", namespace)
    }

    /// The objects in the namespace.
    func objects() async throws -> [ClusterObject] { try await cluster.objects(in: namespace) }

    /// The user's files of an installation.
    func files() throws -> [FileState] { try FileState.all(below: laptop.home) }

    /// The complete state of an installation, one line each; equal for installations that were created in the same
    /// way.
    func state() async throws -> [String] {
        let labels = try await cluster.json("get", "namespace", namespace, "--output", "json")["metadata"]?[
            "labels"]
        let lines = try await objects().map(\.description) + files().map(\.description)
        return (lines + ["\(labels?.text(indented: false) ?? "")", try builder() ?? "no builder"]).map {
            $0.replacing(laptop.home, with: "HOME").replacing(namespace, with: "NAMESPACE")
        }
    }

    /// The status of each revision of the release, the first one first.
    func revisions() async throws -> [String] {
        try await cluster.list("secrets", in: namespace).compactMap { $0["metadata"]?["labels"] }
            .filter { $0["owner"]?.string == "helm" }
            .sorted { Int($0["version"]?.string ?? "") ?? 0 < Int($1["version"]?.string ?? "") ?? 0 }
            .compactMap { $0["status"]?.string }
    }

    /// The path of a file of the installation.
    func path(of name: String) -> String {
        "\(laptop.home)/.config/buildkit-installer/test/\(namespace)/buildkit/\(name)"
    }

    /// The builder's file in buildx.
    func builder() throws -> String? { try text("\(laptop.home)/.docker/buildx/instances/remote-kubernetes") }

    func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }
}
