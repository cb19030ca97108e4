import FoundationEssentials
import LabSupport

/// A substitute for BuildKit behind the proxy: TLS as in BuildKit, and an empty answer to every request.
enum FakeBuilder {
    static func whileServing<Result: Sendable>(
        port: Int, certificates: TestCertificates, body: () async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/envoy.yaml"
            let configuration = Envoy.answering(
                on: port, certificate: "\(certificates.folder)/buildkitd.pem",
                key: "\(certificates.folder)/buildkitd.key",
                validation: #"trusted_ca: {filename: "\#(certificates.folder)/inner.pem"}"#)
            try Data(configuration.utf8).write(to: URL(filePath: file))
            return try await Envoy.whileRunning(configuration: file) { _ in try await body() }
        }
    }
}
