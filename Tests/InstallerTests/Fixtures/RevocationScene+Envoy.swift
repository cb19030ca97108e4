import FoundationEssentials
@testable import Installer
import LabSupport
@testable import MutualTLS
import Testing

/// The real Envoy with the proxy's Secret of a scene.
extension RevocationScene {
    /// Connects with every pair of both machines.
    /// - Returns: the violations; empty where revoked clients are rejected and all others are accepted.
    func violationsAtTheProxy(revoked: Set<String>) async throws -> [String] {
        let secret = "buildkit-envoy-certs"
        for name in ["ca.pem", "crl.pem", "server.pem", "server-key.pem"] {
            let text = try #require(cluster.text(name, of: secret))
            try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        let server = try CertificateSummary(pem: #require(cluster.text("server.pem", of: secret)))
        let authorities = try #require(cluster.text("ca.pem", of: secret))
        let port = try freePort()
        let configuration = "\(folder.path)/envoy.yaml"
        let trust =
            #"trusted_ca: {filename: "\#(folder.path)/ca.pem"}, crl: {filename: "\#(folder.path)/crl.pem"}, "#
            + "only_verify_leaf_cert_crl: true"
        try Data(
            Envoy.answering(
                on: port, certificate: "\(folder.path)/server.pem", key: "\(folder.path)/server-key.pem",
                validation: trust
            ).utf8
        ).write(to: URL(filePath: configuration))
        return try await Envoy.whileRunning(configuration: configuration) { _ in
            var violations: [String] = []
            for machine in [first, second] {
                let names = ["client"] + (try machine.folder.clientNames()).map { "clients/\($0)" }
                for place in names.map({ "\(machine.folder.path)/\($0)" }) {
                    guard
                        let pem = try? String(contentsOf: URL(filePath: "\(place)/cert.pem"), encoding: .utf8)
                    else { continue }
                    let isRevoked = revoked.contains(try CertificateSummary(pem: pem).clientName)
                    guard try isRevoked || machine.isTrusted(by: authorities) else { continue }
                    let seen = await Probe.connect(
                        host: "127.0.0.1", port: port, serverName: server.names.first.map { "\($0)" },
                        trust: .file("\(place)/ca.pem"),
                        identity: ProbeIdentity(
                            certificate: .file("\(place)/cert.pem"), key: .file("\(place)/key.pem")))
                    if !Self.isExpected(seen, isRevoked) { violations.append("\(place): \(seen)") }
                }
            }
            return violations
        }
    }

    private static func isExpected(_ seen: ProbeResult, _ isRevoked: Bool) -> Bool {
        switch seen {
        case .answered: !isRevoked
        // A client that was revoked before a new CA may not even know the server's.
        case .clientCertificateRefused, .serverNotTrusted: isRevoked
        default: false
        }
    }
}
