import FoundationEssentials
@testable import MutualTLS

@testable import Installer

extension Sample {
    /// An installation of last year, whose server certificate expires soon, and with a client certificate on another
    /// machine.
    static var rotationFacts: Facts {
        var facts = installedFacts
        facts.lookedAt = now
        let authority = certificate("authority", "buildkit authority", serial: "60ad", days: 3300)
        let server = certificate("server", "builder.example.com", serial: "41c7", days: 12)
        let admin = certificate("client", "admin", serial: "5e20", days: 212)
        let ci = certificate("client", "ci", serial: "7d19", days: 88)
        facts.authorities = .known(.init(current: AuthorityStatus(certificate: authority), former: nil))
        facts.folder = .known(Inspection(certificates: [authority, server, admin]))
        facts.clients = .known(["ci": Inspection(certificates: [ci])])
        facts.issued = .known([admin, ci])
        facts.renewal = .known(nil)
        let folder = CertificateFolder(path: places.certificates(of: answers.installation))
        let files = CertificateLayout.pairFiles(in: folder)
        facts.files = .known(
            Dictionary(uniqueKeysWithValues: files.values.map { ($0, "digest") }))
        facts.secrets = .known(
            .init(
                outer: .init(
                    digests: files.mapValues { _ in "digest" }, certificates: [authority, server],
                    isOurs: true),
                inner: .init(digests: [:], certificates: [], isOurs: true), findings: []))
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "localhost", port: 1234), wasForwarded: true,
                result: .answered(
                    ServedEndpoint(
                        host: "localhost", port: 1234, serverName: "localhost", chain: [server],
                        tlsVersion: "TLSv1.3", alpn: "h2"))))
        facts.sightings = .known(["ci": LastSeen(time: now.addingTimeInterval(-3600), serial: ci.serial)])
        return facts
    }

    /// The same with a proxy that checks the revocation list.
    static var revocableFacts: Facts {
        var facts = rotationFacts
        facts.release = .known(
            .init(
                status: "deployed", revision: 3, chart: "buildkit-0.1.0",
                values: ["proxy": ["certificates": ["revocations": true]]]))
        return facts
    }

    /// - Parameters:
    ///   - role: the value in JSON.
    ///   - serial: its first digits.
    private static func certificate(_ role: String, _ name: String, serial: String, days: Int)
        -> CertificateSummary
    {
        let serial = serial + String(repeating: "0", count: 36)
        let (start, end) = (
            now.addingTimeInterval(-200 * 86_400), now.addingTimeInterval(Double(days) * 86_400 + 60)
        )
        let identity = role == "client" ? #"["spiffe://buildkit/client/\#(name)"]"# : "[]"
        let json = """
            {"role": "\(role)", "subject": "CN=\(name)", "names": [], "identities": \(identity),
            "issuer": "CN=buildkit authority", "serial": "\(serial)", "algorithm": "P-256", "fingerprint": "\(serial)",
            "notBefore": \(start.timeIntervalSinceReferenceDate), "notAfter": \(end.timeIntervalSinceReferenceDate),
            "keyIdentifier": "\(name)", "signer": "buildkit authority"}
            """
        // The JSON is written right above.
        // swift-format-ignore: NeverUseForceTry
        return try! JSONDecoder().decode(CertificateSummary.self, from: Data(json.utf8))
    }
}
