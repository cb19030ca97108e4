import ChartSupport
import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Certificates in every form that users have reported, verified by all parties: the product's inspection and its
/// probe, Envoy with the chart's configuration, buildx's own dialer, and openssl.
@Suite(.serialized) struct CertificateSetTests {
    struct CertificateSet: Sendable, CustomTestStringConvertible {
        let kind: String
        let isAccepted: Bool
        /// openssl's own verdict.
        let openssl: Bool

        var testDescription: String { kind }
    }

    private static func each(
        _ kinds: [String], isAccepted: Bool, openssl: Bool
    ) -> [CertificateSet] {
        kinds.map { CertificateSet(kind: $0, isAccepted: isAccepted, openssl: openssl) }
    }

    private static let accepted = [
        "plain", "critical-names", "critical-purposes", "pss", "chain", "root-between", "carriage-returns",
        "no-last-newline", "text-around", "long-lines", "limited-decorative",
    ]
    /// openssl requires a root above every CA, and does not accept "any purpose" for TLS.
    private static let acceptedButByOpenSSL = ["intermediate-anchor", "any-purpose-server"]
    private static let refused = [
        "missing-intermediate", "intermediate-first", "unknown-critical-client", "unknown-critical-server",
        "wrong-purpose-authority", "limited-elsewhere", "no-signature-client", "any-purpose-client",
        "indented-daemon", "indented-client",
    ]
    /// openssl does not compare the common name of a client, and accepts SHA-1, byte order marks and DER.
    private static let refusedButByOpenSSL = [
        "limited-common-name", "sha1", "mark-daemon", "mark-client", "binary-daemon",
    ]

    static let sets =
        each(accepted, isAccepted: true, openssl: true)
        + each(acceptedButByOpenSSL, isAccepted: true, openssl: false)
        + each(refused, isAccepted: false, openssl: false)
        + each(refusedButByOpenSSL, isAccepted: false, openssl: true)

    @Test(arguments: sets)
    func allWhoJudgeAgree(on set: CertificateSet) async throws {
        try await withTemporaryFolder { folder in
            let certificates = "\(folder)/certs"
            try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: false)
            try await Program("bash").require(
                "\(Chart.tests)/Proxy/certificate-set.sh", certificates, set.kind)

            let inspection = await CertificateFolder(path: certificates).inspect(
                expecting: [.dns("builder.example.com")], now: Date())
            let sentences = inspection.findings.map { "\($0.sentence) \($0.hint)" }
            #expect(inspection.isUsable == set.isAccepted, "\(set.kind): \(sentences)")
            if set.isAccepted { #expect(sentences.isEmpty) }

            try await ProxyFixture.whileRunning(
                builder: .absent,
                change: { proxy, _ in
                    func data(_ name: String) throws -> Data {
                        try Data(contentsOf: URL(filePath: "\(certificates)/daemon/\(name)"))
                    }
                    try proxy.outer.replace(with: [
                        "ca.pem": data("ca.pem"), "server.pem": data("cert.pem"),
                        "server-key.pem": data("key.pem"),
                    ])
                }
            ) { fixture in
                let isDialled = try await isDialled(fixture, with: "\(certificates)/client", in: folder)
                #expect(isDialled == set.isAccepted, "buildx: \(set.kind)")
                let probe = await Probe.connect(
                    host: "127.0.0.1", port: fixture.proxy.ports.buildkit, serverName: "builder.example.com",
                    trust: .file("\(certificates)/client/ca.pem"),
                    identity: ProbeIdentity(
                        certificate: .file("\(certificates)/client/cert.pem"),
                        key: .file("\(certificates)/client/key.pem")), timeout: .seconds(60))
                var answered = false
                if case .answered = probe { answered = true }
                #expect(answered == set.isAccepted, "probe: \(set.kind): \(probe.sentence)")
            }
            #expect(try await opensslAccepts(certificates) == set.openssl, "openssl: \(set.kind)")
        }
    }

    /// Whether a request of buildx passes the certificate checks of both sides: Envoy then holds it, because there is
    /// no BuildKit.
    private func isDialled(_ fixture: ProxyFixture, with client: String, in folder: String) async throws
        -> Bool
    {
        let configuration = "\(folder)/docker"
        try FileManager.default.createDirectory(atPath: configuration, withIntermediateDirectories: false)
        // The plugin is run directly: docker would run it in a group of its own, in which it outlives docker.
        let buildx = try Program(
            "\(LabPart.dockerPlugins.path)/docker-buildx", environment: ["DOCKER_CONFIG": configuration])
        // In the format of `buildx create`, which itself would try the connection for twenty seconds.
        let instances = "\(configuration)/buildx/instances"
        try FileManager.default.createDirectory(atPath: instances, withIntermediateDirectories: true)
        try Data(
            """
            {"Name": "set", "Driver": "remote", "Dynamic": false, "Nodes": [{
              "Name": "set0", "Endpoint": "tcp://127.0.0.1:\(fixture.proxy.ports.buildkit)", "Platforms": null,
              "DriverOpts": {"cacert": "\(client)/ca.pem", "cert": "\(client)/cert.pem", "key": "\(client)/key.pem",
                "servername": "builder.example.com"}, "Flags": null, "Files": null}]}
            """.utf8
        ).write(to: URL(filePath: "\(instances)/set"))
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                // It ends at once where it is rejected, and waits for an answer otherwise.
                _ = try await buildx.run("inspect", "set")
                return false
            }
            group.addTask {
                while try await fixture.proxy.held() < 1 { try await Task.sleep(for: .milliseconds(100)) }
                return true
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    private func opensslAccepts(_ folder: String) async throws -> Bool {
        for (side, other, purpose) in [("daemon", "client", "sslserver"), ("client", "daemon", "sslclient")] {
            let outcome = try await Program("openssl").run(
                "verify", "-purpose", purpose, "-CAfile", "\(folder)/\(other)/ca.pem", "-untrusted",
                "\(folder)/\(side)/cert.pem", "\(folder)/\(side)/cert.pem")
            guard outcome.succeeded else { return false }
        }
        return true
    }
}
