import FoundationEssentials
import LabSupport

/// Certificates that openssl creates, independently of the installer.
struct TestCertificates: Sendable {
    /// Created once; no test changes them.
    static var shared: TestCertificates {
        get async throws { try await making.value }
    }

    let folder: String

    /// The content of the outer Secret.
    var outer: [String: Data] {
        get throws {
            try files(["ca.pem": "outer.pem", "server.pem": "server.pem", "server-key.pem": "server.key"])
        }
    }

    /// The content of the inner Secret for the proxy.
    var inner: [String: Data] {
        get throws {
            try files(["ca.crt": "inner.pem", "client.crt": "proxy.pem", "client.key": "proxy.key"])
        }
    }

    func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
    }

    private func files(_ names: [String: String]) throws -> [String: Data] {
        try names.mapValues(data)
    }

    private static let making = Task {
        // In the folder of the process, like other files that outlive a test; the system removes it.
        let folder = try await withTemporaryFolder { "\($0)-certificates" }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try await Program("bash").require("\(Chart.tests)/Proxy/certificates.sh", folder)
        return TestCertificates(folder: folder)
    }
}
