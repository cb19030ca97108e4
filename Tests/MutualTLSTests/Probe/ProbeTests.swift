import Foundation
@testable import MutualTLS
import Testing

/// The probe with real servers: each layer fails in turn, and is reported.
struct ProbeTests {
    private static let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    private let asServer = "-cert server.pem -key server-key.pem"
    private let mutual = "-cert server.pem -key server-key.pem -CAfile ca.pem -Verify 1 -verify_return_error"

    private func credentials() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.makeAuthority("ca")
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth", names: "DNS:localhost,IP:127.0.0.1")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth")
        return scratch
    }

    private func look(
        _ scratch: Scratch, _ server: LocalServer, name: String? = nil, trust: String = "ca.pem",
        client: String? = nil, timeout: Duration = .seconds(60)
    ) async -> ProbeResult {
        await Probe.connect(
            host: "127.0.0.1", port: server.port, serverName: name, trust: .file(scratch[trust]),
            identity: client.map {
                ProbeIdentity(certificate: .file(scratch["\($0).pem"]), key: .file(scratch["\($0)-key.pem"]))
            },
            timeout: timeout)
    }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func aServerThatAnswersIsDescribed(version: String) async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(
            in: scratch, "\(mutual) \(version) -alpn h2", greeting: Self.settings)
        let result = await look(scratch, server, client: "client")
        guard case .answered(let endpoint) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(endpoint.tlsVersion == (version == "-tls1_3" ? "TLSv1.3" : "TLSv1.2"))
        #expect(endpoint.alpn == "h2")
        #expect(endpoint.certificate == (try CertificateSummary(pem: scratch.text(of: "server.pem"))))
        #expect(result.hint.isEmpty)
    }

    @Test(arguments: KeyAlgorithm.allCases)
    func everyKindOfKeyIsSpoken(algorithm: KeyAlgorithm) async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        let order = CertificateOrder(
            names: [.ip([127, 0, 0, 1])], client: "laptop", algorithm: algorithm, keepAuthority: false)
        try await folder.issue(order, now: .now)
        let server = try LocalServer.tls(
            in: scratch,
            "-cert certs/daemon/cert.pem -key certs/daemon/key.pem -CAfile certs/daemon/ca.pem -Verify 1 "
                + "-verify_return_error -x509_strict", greeting: Self.settings)
        let result = await Probe.connect(
            host: "127.0.0.1", port: server.port, trust: .file(folder.path(of: .clientAuthority)),
            identity: ProbeIdentity(
                certificate: .file(folder.path(of: .clientCertificate)),
                key: .text(String(decoding: try folder.bytes(of: .clientKey), as: UTF8.self))),
            timeout: .seconds(60))
        guard case .answered = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func aMissingClientCertificateIsNamed(version: String) async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(in: scratch, "\(mutual) \(version)")
        let result = await look(scratch, server)
        guard case .clientCertificateRequired(let endpoint) = result else {
            Issue.record("\(result)")
            return
        }
        // The server's certificate is known nevertheless.
        #expect(endpoint.certificate?.names.map(\.description) == ["localhost", "127.0.0.1"])
    }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func aClientOfAnotherAuthorityIsRefused(version: String) async throws {
        let scratch = try credentials()
        try scratch.makeAuthority("other")
        try scratch.makeLeaf("stranger", by: "other", usage: "clientAuth")
        let server = try LocalServer.tls(in: scratch, "\(mutual) \(version)")
        expect(await look(scratch, server, client: "stranger"), refused: .unknownAuthority)
    }

    @Test func anExpiredClientIsRefused() async throws {
        let scratch = try credentials()
        try scratch.makeLeaf("old", by: "ca", usage: "clientAuth", dates: "-days -1")
        let server = try LocalServer.tls(in: scratch, mutual)
        expect(await look(scratch, server, client: "old"), refused: .expired)
    }

    @Test func aServersCertificateIsRefusedAsAClients() async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(in: scratch, mutual)
        expect(await look(scratch, server, client: "server"), refused: .unsupportedPurpose)
    }

    @Test func aRevokedClientIsRefused() async throws {
        let scratch = try credentials()
        let authority = try CertificateAuthority(
            certificate: scratch.text(of: "ca.pem"), key: SecretText(scratch.text(of: "ca-key.pem")))
        var revocations = CertificateRevocationList()
        revocations.revoke(
            serial: try CertificateSummary(pem: scratch.text(of: "client.pem")).serial, at: .now)
        try scratch.write(revocations.signed(by: authority, now: .now), to: "crl.pem")
        let server = try LocalServer.tls(in: scratch, "\(mutual) -CRL crl.pem -crl_check")
        expect(await look(scratch, server, client: "client"), refused: .revoked)
    }

    private func expect(
        _ result: ProbeResult, refused expected: ClientRefusal, at location: SourceLocation = #_sourceLocation
    ) {
        guard case .clientCertificateRefused(_, expected) = result else {
            Issue.record("\(result)", sourceLocation: location)
            return
        }
        #expect(!result.hint.isEmpty, sourceLocation: location)
    }

    @Test func aServerOfAnotherAuthorityIsNotTrusted() async throws {
        let scratch = try credentials()
        try scratch.makeAuthority("other")
        let server = try LocalServer.tls(in: scratch, asServer)
        let result = await look(scratch, server, trust: "other.pem")
        guard case .serverNotTrusted(let endpoint, _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(endpoint.certificate?.issuer == "CN=ca")
        #expect(result.sentence.contains("CN=ca"))
    }

    @Test func aClientsCertificateIsNotTrustedAsAServers() async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(in: scratch, "-cert client.pem -key client-key.pem")
        guard case .serverNotTrusted(_, "“CN=client” is not for serverAuth") = await look(scratch, server)
        else {
            Issue.record()
            return
        }
    }

    @Test func aNameThatIsNotCoveredIsNamedWithThoseThatAre() async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(in: scratch, asServer)
        let result = await look(scratch, server, name: "builder.example.com")
        guard case .serverNameMismatch = result else {
            Issue.record("\(result)")
            return
        }
        #expect(
            result.sentence.hasSuffix("is not valid for builder.example.com; it covers localhost, 127.0.0.1.")
        )
        #expect(result.hint.contains("servername=localhost"))
    }

    @Test func datesOfTheServerAreNamed() async throws {
        let scratch = try credentials()
        try scratch.makeLeaf("old", by: "ca", usage: "serverAuth", names: "IP:127.0.0.1", dates: "-days -1")
        let server = try LocalServer.tls(in: scratch, "-cert old.pem -key old-key.pem")
        guard case .serverExpired(_, let ended) = await look(scratch, server) else {
            Issue.record()
            return
        }
        #expect(ended < .now)

        let folder = CertificateFolder(path: scratch["future"])
        let order = CertificateOrder(names: [.ip([127, 0, 0, 1])], client: "a")
        try await folder.issue(order, now: .now + 5 * 86400)
        let future = try LocalServer.tls(
            in: scratch, "-cert future/daemon/cert.pem -key future/daemon/key.pem")
        guard
            case .serverNotYetValid(_, let begins) = await look(
                scratch, future, trust: "future/client/ca.pem")
        else {
            Issue.record()
            return
        }
        #expect(begins > .now)
    }

    @Test func otherProtocolsInsideTLSAreNotHTTP2() async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(
            in: scratch, asServer, greeting: Array("220 mail.example.com ready\r\n".utf8))
        guard case .notHTTP2 = await look(scratch, server) else {
            Issue.record()
            return
        }
    }

    @Test func silenceAfterTheHandshakeIsATimeout() async throws {
        let scratch = try credentials()
        let server = try LocalServer.tls(in: scratch, asServer)
        // This timeout applies to each stage; the handshake must not exceed it on a busy machine.
        let result = await look(scratch, server, timeout: .seconds(10))
        #expect(result == .timedOut(.answer, host: "127.0.0.1", port: server.port))
    }

    @Test(arguments: [
        "c.sendall(b'SSH-2.0-OpenSSH_9.2\\r\\n')", "c.sendall(b'HTTP/1.1 400 Bad Request\\r\\n\\r\\n')",
    ])
    func whatIsNotTLSIsNamed(reaction: String) async throws {
        let scratch = try credentials()
        let server = try LocalServer.plain(reaction)
        #expect(await look(scratch, server) == .notTLS(host: "127.0.0.1", port: server.port))
    }

    @Test func silenceDuringTheHandshakeIsATimeout() async throws {
        let scratch = try credentials()
        let server = try LocalServer.plain("pass")
        let result = await look(scratch, server, timeout: .seconds(2))
        #expect(result == .timedOut(.handshake, host: "127.0.0.1", port: server.port))
    }

    @Test(arguments: ["c.close()", "c.recv(1); c.close()"])
    func hangingUpIsNamed(reaction: String) async throws {
        let scratch = try credentials()
        let server = try LocalServer.plain(reaction)
        let result = await look(scratch, server)
        guard case .closed(.handshake, _) = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func aPortWithoutAListenerRefuses() async throws {
        let scratch = try credentials()
        // No unprivileged process can listen on port 1, and loopback drops no packets.
        let result = await Probe.connect(host: "127.0.0.1", port: 1, trust: .file(scratch["ca.pem"]))
        #expect(result == .refused(host: "127.0.0.1", port: 1))
    }

    @Test func aNameWithoutAnAddressIsNamed() async throws {
        let scratch = try credentials()
        let result = await Probe.connect(
            host: "no-such-host.invalid", port: 1, trust: .file(scratch["ca.pem"]))
        #expect(result == .nameNotFound(host: "no-such-host.invalid"))
    }

    @Test func aNetworkWithoutARouteIsNamed() async throws {
        let scratch = try credentials()
        // A broadcast address, to which the system does not permit connections.
        let result = await Probe.connect(host: "255.255.255.255", port: 1, trust: .file(scratch["ca.pem"]))
        guard case .unreachable = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test func unusableFilesAreNamedBeforeAnybodyIsAsked() async throws {
        let scratch = try credentials()
        try scratch.write(scratch.text(of: "server-key.pem"), to: "stranger-key.pem")
        try scratch.write(scratch.text(of: "client.pem"), to: "stranger.pem")
        let cases: [(PEMInput, ProbeIdentity?, String)] = [
            (.file(scratch["none.pem"]), nil, "No such file"),
            (.file(scratch["ca-key.pem"]), nil, "contains no certificate"),
            (.text("nothing"), nil, "The CA contains no certificate"),
            (
                .file(scratch["ca.pem"]),
                ProbeIdentity(
                    certificate: .file(scratch["stranger.pem"]), key: .file(scratch["stranger-key.pem"])),
                "they are not a pair"
            ),
        ]
        for (trust, identity, reason) in cases {
            let result = await Probe.connect(host: "127.0.0.1", port: 1, trust: trust, identity: identity)
            guard case .filesUnusable = result else {
                Issue.record("\(result)")
                continue
            }
            #expect(result.sentence.contains(reason))
        }
    }

    /// Alerts that none of the available servers sends.
    @Test(arguments: [
        ("TLSV1_ALERT_ACCESS_DENIED", ClientRefusal.accessDenied),
        ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", .other),
        ("SSLV3_ALERT_BAD_CERTIFICATE", .other), ("TLSV1_ALERT_UNKNOWN_CA", .unknownAuthority),
    ])
    func alertsAreUnderstood(name: String, reason: ClientRefusal) {
        struct Failure: Error, CustomStringConvertible { let description: String }
        let endpoint = ServedEndpoint(
            host: "a", port: 1, serverName: "a", chain: [], tlsVersion: nil, alpn: nil)
        let failure = TLSFailure(
            Failure(description: "error:1000041a:SSL routines:OPENSSL_internal:\(name) at x.cc:1"))
        #expect(
            failure.result(at: .answer, endpoint: endpoint, showedIdentity: true)
                == .clientCertificateRefused(endpoint, reason: reason))
    }

    @Test func twentyProbesAtOnceDoNotDisturbEachOther() async throws {
        let scratch = try credentials()
        let server = try LocalServer.plain("c.sendall(b'220 hello there\\r\\n')")
        let (port, trust) = (server.port, PEMInput.file(scratch["ca.pem"]))
        let results = await withTaskGroup(of: ProbeResult.self) { group in
            for _ in 0..<20 {
                group.addTask { await Probe.connect(host: "127.0.0.1", port: port, trust: trust) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: .notTLS(host: "127.0.0.1", port: port), count: 20))
    }
}
