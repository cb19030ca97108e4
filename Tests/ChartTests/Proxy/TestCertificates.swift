import FoundationEssentials
import LabSupport

/// Certificates made by openssl, which is not what the installer makes its own with.
struct TestCertificates: Sendable {
    /// Made once; nothing changes them.
    static var shared: TestCertificates {
        get async throws { try await making.value }
    }

    let folder: String

    /// What the outer Secret holds.
    var outer: [String: Data] {
        get throws {
            try files(["ca.pem": "outer.pem", "server.pem": "server.pem", "server-key.pem": "server.key"])
        }
    }

    /// What the inner Secret holds for the proxy.
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
        // In the folder of the process, like what else outlives a test; the system tidies it.
        let folder = try await withTemporaryFolder { "\($0)-certificates" }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try await Program("bash").require("\(Chart.tests)/Proxy/certificates.sh", folder)
        return TestCertificates(folder: folder)
    }
}
