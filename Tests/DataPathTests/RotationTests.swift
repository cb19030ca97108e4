import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Certificates are renewed under a real proxy, a real BuildKit and real builds.
@Suite struct RotationTests {
    @Test func buildsGoOnThroughEveryRotation() async throws {
        try await Installation.whileRunning { installation in
            try await installation.pods.whileNoticingChanges {
                let old = "\(installation.folder)/old"
                try FileManager.default.copyItem(atPath: installation.certificates.path, toPath: old)
                let first = try installation.serial()
                try await installation.rotate()
                let second = try installation.serial()
                #expect(second != first)
                #expect(try await installation.served(to: "\(old)/client") == second)
                #expect(try await installation.served(to: installation.client) == second)
            }
        }
    }
}

extension Installation {
    var client: String { "\(certificates.path)/client" }

    func serial(of file: CertificateFile = .serverCertificate) throws -> String {
        let pem = String(decoding: try certificates.bytes(of: file), as: UTF8.self)
        return try CertificateSummary(pem: pem).serial
    }

    /// Rotates as a user does, and demands that it succeeds.
    @discardableResult
    func rotate(_ flags: String...) async throws -> Outcome {
        let outcome = try await laptop.installer.run(
            ["rotate", "--namespace", namespace.name, "--timeout", "60", "--yes", "--verbose"] + flags)
        guard outcome.succeeded else { throw LabFailure(outcome.errors + outcome.output) }
        return outcome
    }

    /// The serial that the proxy shows a client; nil where the two do not get along.
    func served(to folder: String) async throws -> String? {
        let seen = await Probe.connect(
            host: "127.0.0.1", port: port, serverName: Self.name, trust: .file("\(folder)/ca.pem"),
            identity: ProbeIdentity(certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")))
        guard case .answered(let endpoint) = seen else { return nil }
        return endpoint.certificate?.serial
    }
}
