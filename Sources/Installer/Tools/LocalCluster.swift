import FoundationEssentials

/// A Kubernetes cluster on this machine that a tool of the user's makes, for trying the builder without another one.
public struct LocalCluster: Codable, Equatable, Sendable {
    /// kind, k3d or minikube.
    public var tool: Tool
    public var name: String
    /// What tells it from another one of the same name: the UID of its namespace kube-system; nil where nobody asked.
    public var uid: String?

    public init(_ tool: Tool, name: String = "buildkit") {
        self.tool = tool
        self.name = name
    }

    /// Makes it, waits until it is ready, and makes its context the current one.
    public var create: Command {
        let arguments =
            switch tool {
            case .k3d: ["cluster", "create", name, "--wait"]
            case .minikube: ["start", "--profile", name]
            default: ["create", "cluster", "--name", name, "--wait", "180s"]
            }
        // Images of several hundred megabytes are fetched the first time.
        return Command(tool, arguments, timeout: 1800)
    }

    /// Deletes it with all that is in it, and its context.
    public var delete: Command {
        let arguments =
            switch tool {
            case .k3d: ["cluster", "delete", name]
            case .minikube: ["delete", "--profile", name]
            default: ["delete", "cluster", "--name", name]
            }
        return Command(tool, arguments, timeout: 300)
    }

    /// What its tool calls the kubeconfig context.
    public var context: String {
        switch tool {
        case .k3d: "k3d-\(name)"
        case .minikube: name
        default: "kind-\(name)"
        }
    }

    /// The tools that make one, the lightest first.
    public static let tools: [Tool] = [.kind, .k3d, .minikube]

    /// Those whose tool is installed.
    public static func available(in dependencies: Dependencies) -> [LocalCluster] {
        let folders = (dependencies.environment["PATH"] ?? "").split(separator: ":")
        return tools.filter { tool in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool.rawValue)") }
        }.map { LocalCluster($0) }
    }
}

extension LocalCluster: CustomStringConvertible {
    /// "kind cluster buildkit"
    public var description: String { "\(tool.rawValue) cluster \(name)" }
}

// An uninstall deletes a cluster only where this program wrote down that it made it.

extension LocalCluster {
    public func record(in places: InstallerPaths) throws(InstallerError) {
        let path = places.localCluster(ofContext: context)
        try PrivateFile.makeFolder(path.parentFolder)
        do { try PrivateFile.write(JSONEncoder().encode(self), to: path) } catch let error as InstallerError {
            throw error
        } catch { throw InstallerError("\(path) could not be written", detail: error.reason) }
    }

    /// The cluster of that context; nil where this program did not make it.
    static func recorded(ofContext context: String, in places: InstallerPaths) -> LocalCluster? {
        FileManager.default.contents(atPath: places.localCluster(ofContext: context)).flatMap {
            // A record that cannot be read proves nothing, so that the cluster is kept.
            try? JSONDecoder().decode(LocalCluster.self, from: $0)
        }
    }
}
