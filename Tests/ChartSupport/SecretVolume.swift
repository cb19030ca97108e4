import FoundationEssentials
import LabSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A Secret as the kubelet mounts it: links into a hidden folder, which is replaced atomically.
public struct SecretVolume: Sendable {
    public let path: String

    /// - Parameter path: a folder to create.
    public init(path: String, content: [String: Data]) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try replace(with: content)
        for name in content.keys {
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(name)", withDestinationPath: "..data/\(name)")
        }
    }

    /// Does what the kubelet does when the Secret has changed. The names of the files do not change.
    public func replace(with content: [String: Data]) throws {
        let version = "..\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(version)", withIntermediateDirectories: false)
        for (name, data) in content {
            try data.write(to: URL(filePath: "\(path)/\(version)/\(name)"))
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/..data_tmp", withDestinationPath: version)
        // Not FileManager's move, which does not replace files: Envoy watches for exactly this rename.
        guard rename("\(path)/..data_tmp", "\(path)/..data") == 0 else {
            throw LabFailure("\(path)/..data could not be replaced.")
        }
    }
}
