import FoundationEssentials
import MutualTLS

/// The folder of a client: its certificates, and the CAs that it trusts.
struct ClientFolder {
    let path: String

    /// - Parameter path: a folder to create.
    init(_ path: String, authority: String, identity: IssuedCertificate) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write(authority, to: "ca.pem")
        try write(identity.certificate, to: "cert.pem")
        try write(identity.key.revealed, to: "key.pem")
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
}
