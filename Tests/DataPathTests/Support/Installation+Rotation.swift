import FoundationEssentials
import LabSupport
import MutualTLS

extension Installation {
    /// The files that buildx on this machine uses.
    var client: String { "\(certificates.path)/client" }

    func serial(of file: CertificateFile = .serverCertificate) throws -> String {
        let pem = String(decoding: try certificates.bytes(of: file), as: UTF8.self)
        return try CertificateSummary(pem: pem).serial
    }

    /// A copy of all certificates in their current state, as another machine has them.
    func copied(_ name: String) throws -> CertificateFolder {
        let path = "\(folder)/\(name)"
        try FileManager.default.copyItem(atPath: certificates.path, toPath: path)
        return CertificateFolder(path: path)
    }

    func rotation(_ flags: [String]) -> [String] {
        [
            "rotate", "--namespace", namespace.name, "--certs", certificates.path, "--timeout", "300",
            "--yes", "--verbose",
        ] + flags
    }

    /// Rotates as a user does, and expects success.
    @discardableResult
    func rotate(_ flags: [String] = []) async throws -> Outcome {
        let outcome = try await laptop.installer.run(rotation(flags))
        guard outcome.succeeded else { throw LabFailure(outcome.errors + outcome.output) }
        return outcome
    }

    /// The serial of the certificate that the proxy serves to a client; nil where the connection fails.
    func serial(servedTo folder: String) async -> String? {
        let seen = await Probe.connect(
            host: "127.0.0.1", port: port, serverName: Self.name, trust: .file("\(folder)/ca.pem"),
            identity: ProbeIdentity(
                certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")),
            // A busy machine is no refusal.
            timeout: .seconds(60))
        guard case .answered(let endpoint) = seen else { return nil }
        return endpoint.certificate?.serial
    }
}
