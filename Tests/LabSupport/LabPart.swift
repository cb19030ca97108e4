import FoundationEssentials

/// The parts of the lab, by the environment variable in which `make test` passes their path.
public enum LabPart: String, CaseIterable, Sendable {
    case kubectl = "LAB_KUBECTL"
    case helm = "LAB_HELM"
    case docker = "LAB_DOCKER"
    /// The folder of the buildx plugin.
    case dockerPlugins = "LAB_DOCKER_PLUGINS"
    /// Statically linked: a root file system with a single file.
    case busybox = "LAB_BUSYBOX"
    /// The program with which BuildKit's own definition creates certificates.
    case mkcert = "LAB_MKCERT"
    case registry = "LAB_REGISTRY"
    case envoy = "LAB_ENVOY"
    /// A folder for each version of Kubernetes, with a JSON schema for each kind of object.
    case schemas = "LAB_SCHEMAS"
    case controlPlane = "LAB_CONTROL_PLANE"
    case buildKitEngine = "LAB_BUILDKIT_ENGINE"
    case buildKitBridge = "LAB_BUILDKIT_BRIDGE"
    /// A library for `LD_PRELOAD`, by which ``FileKiller`` ends a program.
    case fileKiller = "LAB_FILE_KILLER"

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

    /// Links these programs, and no others, into a folder for PATH.
    public static func link(_ parts: [LabPart], into folder: String) throws {
        for part in parts {
            let target = try part.path
            let name = target.split(separator: "/").last.map(String.init) ?? target
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
    }
}
