import FoundationEssentials

/// What the lab provides, by the variable of the environment in which `make test` says where it is.
public enum LabPart: String, CaseIterable, Sendable {
    case kubectl = "LAB_KUBECTL"
    case helm = "LAB_HELM"
    case docker = "LAB_DOCKER"
    /// The folder that holds the buildx plugin.
    case dockerPlugins = "LAB_DOCKER_PLUGINS"
    /// Linked statically: a root file system of one file.
    case busybox = "LAB_BUSYBOX"
    /// What BuildKit's own definition makes certificates with.
    case mkcert = "LAB_MKCERT"
    case registry = "LAB_REGISTRY"
    case envoy = "LAB_ENVOY"
    /// A folder for each version of Kubernetes, with a JSON schema for each kind of object.
    case schemas = "LAB_SCHEMAS"
    case controlPlane = "LAB_CONTROL_PLANE"
    case buildKitEngine = "LAB_BUILDKIT_ENGINE"
    case buildKitBridge = "LAB_BUILDKIT_BRIDGE"

    /// Where it is.
    public var path: String {
        get throws(LabFailure) {
            guard let path = ProcessInfo.processInfo.environment[rawValue] else {
                throw LabFailure(
                    "\(rawValue) is not set. Run `make test`, or `Tests/Lab/with swift test --filter …`,"
                        + " which set up the lab.")
            }
            return path
        }
    }

    /// Makes a folder fit to be searched for these programs, and for no others.
    public static func link(_ parts: [LabPart], into folder: String) throws {
        for part in parts {
            let target = try part.path
            let name = target.split(separator: "/").last.map(String.init) ?? target
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
    }
}
