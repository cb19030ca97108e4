@testable import Installer

extension Facts.Builder {
    /// A remote builder with one node, which reads its certificates from a folder.
    static func reading(_ folder: String, at endpoint: String, _ name: String = "remote-kubernetes") -> Self {
        let node = Facts.BuilderNode(
            name: "\(name)0", endpoint: endpoint, options: ["cert": "\(folder)/cert.pem"], platforms: [])
        return Self(name: name, driver: "remote", nodes: [node])
    }
}
