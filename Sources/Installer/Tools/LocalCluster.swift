import FoundationEssentials

/// A Kubernetes cluster on this machine that a local tool creates, to try the builder without another cluster.
public struct LocalCluster: Codable, Equatable, Sendable {
    /// kind, k3d or minikube.
    public var tool: Tool
    public var name: String
    /// Distinguishes it from another one of the same name: the UID of its namespace kube-system; nil where it was not
    /// read.
    public var uid: String?

    public init(_ tool: Tool, name: String = "buildkit") {
        self.tool = tool
        self.name = name
    }

    /// Creates it, waits until it is ready, and selects its context.
    public var create: Command {
        let arguments =
            switch tool {
            case .k3d: ["cluster", "create", name, "--wait"]
            case .minikube: ["start", "--profile", name]
            default: ["create", "cluster", "--name", name, "--wait", "180s"]
            }
        // The first time, images of several hundred megabytes are downloaded.
        return Command(tool, arguments, timeout: 1800)
    }

    /// Deletes it with all its contents, and its context.
    public var delete: Command {
        let arguments =
            switch tool {
            case .k3d: ["cluster", "delete", name]
            case .minikube: ["delete", "--profile", name]
            default: ["delete", "cluster", "--name", name]
            }
        return Command(tool, arguments, timeout: 300)
    }

    /// Lists the clusters of a tool.
    static func list(_ tool: Tool) -> Command {
        let arguments =
            switch tool {
            case .k3d: ["cluster", "list", "--no-headers"]
            case .minikube: ["profile", "list", "--light", "--output", "json"]
            default: ["get", "clusters"]
            }
        return Command(tool, arguments, timeout: 30)
    }

    /// The kubeconfig context that its tool creates.
    public var context: String {
        switch tool {
        case .k3d: "k3d-\(name)"
        case .minikube: name
        default: "kind-\(name)"
        }
    }

    /// The supported tools, the lightest first.
    public static let tools: [Tool] = [.kind, .k3d, .minikube]
}

extension LocalCluster: CustomStringConvertible {
    /// "kind cluster buildkit"
    public var description: String { "\(tool.rawValue) cluster \(name)" }
}

/// A local cluster to delete, while it contains nothing of others: that is checked again directly before.
public struct LocalClusterRemoval: Codable, Equatable, Sendable {
    public var cluster: LocalCluster
    /// The installation in it.
    public var emptied: EmptiedNamespace
}

// An uninstall only deletes a cluster where a record shows that this program created it.

extension LocalCluster {
    public func record(in places: InstallerPaths) throws(InstallerError) {
        let path = places.localCluster(ofContext: context)
        try PrivateFile.makeFolder(path.parentFolder)
        do { try PrivateFile.write(JSONEncoder().encode(self), to: path) } catch let error as InstallerError {
            throw error
        } catch { throw InstallerError("\(path) could not be written", detail: error.reason) }
    }

    /// Deletes the record of a cluster that could not be created.
    public func forget(in places: InstallerPaths) {
        try? FileManager.default.removeItem(atPath: places.localCluster(ofContext: context))
    }

    /// The cluster of that context; nil where this program did not create it.
    /// - Throws: where a record exists and cannot be read, which proves nothing.
    static func recorded(
        ofContext context: String, in places: InstallerPaths
    ) throws(InstallerError) -> LocalCluster? {
        let path = places.localCluster(ofContext: context)
        guard let record = try Data.ofFile(ifPresent: path) else { return nil }
        do { return try JSONDecoder().decode(LocalCluster.self, from: record) } catch {
            throw InstallerError(
                "\(path) is not a record of a local cluster", detail: error.reason,
                hint: "List them: kind get clusters, k3d cluster list, or minikube profile list",
                code: .fileUnreadable)
        }
    }
}
