import FoundationEssentials
import LabSupport

/// One installation under test: a user's machine, and a namespace that is the installer's to make.
struct Installation: Sendable {
    /// The tests' own folder, with the machine's home and programs in it.
    let folder: String
    let namespace: String
    let laptop: Laptop
    let cluster: Cluster

    /// Gives `body` a machine of its own and a namespace that nobody has; both are taken away afterwards.
    /// Only so many at a time as the machine has processors: each is three programs at work.
    /// - Parameters:
    ///   - namespace: one that is there already; nil: a new name.
    ///   - kubeconfig: the user's; nil: that of somebody who may do everything.
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

    /// The same without waiting: for who has a turn already.
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
                // Programs leave temporary files; here they can be looked at and go with the folder.
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

    /// What every run here is told: there is no data path to prove, and no volume unless a test makes one.
    var answers: [String] {
        ["--namespace", namespace, "--cache", "none", "--verify", "no", "--timeout", "120"]
    }

    /// Runs the installer as a script would.
    func install(_ more: String...) async throws -> Outcome {
        try await laptop.installer.run(["install", "--yes"] + answers + more)
    }

    /// The objects in the namespace, as anybody would find them there.
    func objects() async throws -> [ClusterObject] { try await cluster.objects(in: namespace) }

    /// The user's files that an installation is made of.
    func files() throws -> [FileState] { try FileState.all(below: laptop.home) }

    /// Everything that an installation is, a line each, the same for each that was made in the same way.
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

    /// Where a file of the installation is.
    func path(of name: String) -> String {
        "\(laptop.home)/.config/buildkit-installer/test/\(namespace)/buildkit/\(name)"
    }

    /// What buildx knows of the builder.
    func builder() throws -> String? { try text("\(laptop.home)/.docker/buildx/instances/remote-kubernetes") }

    func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }
}
