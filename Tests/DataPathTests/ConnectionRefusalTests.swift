import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Rejected connections, and the installer's messages about them. A failure that waiting cannot fix is reported at
/// once.
@Suite(.installedOnce) struct ConnectionRefusalTests {
    private let installation: Installation
    private let authority: CertificateAuthority

    init() throws {
        installation = try .current
        authority = try #require(try installation.certificates.authority())
    }

    private var place: String { "tcp://127.0.0.1:\(installation.port)" }

    @Test func aGoodClientIsLetIn() async throws {
        let client = try await client(of: authority.issue(.client(name: "bob"), days: 1, now: Date()))
        let result = await attempt(client).run()
        #expect(result.failure == nil)
    }

    @Test func aClientOfAnotherAuthorityIsRefused() async throws {
        let other = try await CertificateAuthority.make(commonName: "other", days: 10, now: Date())
        let client = try await client(of: other.issue(.client(name: "alice"), days: 1, now: Date()))
        await expect(client, "The proxy at \(place) does not accept the client certificate in \(client.path)")
    }

    @Test func anExpiredClientIsRefused() async throws {
        let lastWeek = Date(timeIntervalSinceNow: -7 * 86_400)
        let client = try await client(of: authority.issue(.client(name: "alice"), days: 1, now: lastWeek))
        await expect(
            client,
            "The client certificate in \(client.path) has expired, or is not valid yet by the proxy's clock")
    }

    @Test func aClientOfTomorrowIsRefused() async throws {
        let tomorrow = Date(timeIntervalSinceNow: 86_400)
        let client = try await client(of: authority.issue(.client(name: "alice"), days: 1, now: tomorrow))
        await expect(
            client,
            "The client certificate in \(client.path) has expired, or is not valid yet by the proxy's clock")
    }

    @Test func aServersCertificateIsNoClients() async throws {
        let client = try await client(
            of: authority.issue(.server(names: [SubjectName("alice.test")]), days: 1, now: Date()))
        await expect(client, "The certificate in \(client.path) is not a client certificate")
    }

    @Test func aBuilderRegisteredWithoutAClientCertificateIsRefused() async throws {
        let client = try await goodClient()
        let attempt = attempt(client)
        try await installation.laptop.docker.require(
            "buildx", "create", "--name", attempt.registration.builder, "--driver", "remote", "--driver-opt",
            "cacert=\(client.path)/ca.pem,servername=\(Installation.name)", place)
        let result = await attempt.runWithoutRegistering()
        #expect(
            result.failure?.message == "buildx does not present the certificate in \(client.path) to \(place)"
        )
        #expect(result.failure?.hint?.hasPrefix("Register it again: buildkit-installer install") == true)
        // The number of attempts is random: the connection of buildx can be closed before it has read the reason.
    }

    @Test func aClientThatBelievesAnotherAuthorityRefusesTheServer() async throws {
        let client = try await goodClient()
        let other = try await CertificateAuthority.make(commonName: "other", days: 10, now: Date())
        try client.write(other.certificate, to: "ca.pem")
        await expect(
            client, "The server certificate at \(place) is not signed by the CA in \(client.path)/ca.pem")
    }

    @Test(arguments: [nil, "other.test"])
    func aNameThatNoSANCoversIsRefused(servername: String?) async throws {
        let client = try await goodClient()
        let result = await ProofAttempt(
            on: installation.laptop, folder: client.path, port: installation.port, servername: servername
        ).run()
        #expect(
            result.failure?.message
                == "The server certificate at \(place) is not valid for the name \(servername ?? "127.0.0.1")"
        )
        #expect(
            result.failure?.hint?.hasPrefix(
                "Reissue it with all names, including this one: buildkit-installer rotate"
            ) == true)
        #expect(result.pauses == 0)
    }

    @Test func aKeyOfAnotherPairCannotBeUsed() async throws {
        let client = try await goodClient()
        let other = try await authority.issue(.client(name: "bob"), days: 1, now: Date())
        try client.write(other.key.revealed, to: "key.pem")
        await expect(client, "The client certificate files in \(client.path) are unusable")
    }

    @Test func aFileThatIsGoneIsMissed() async throws {
        let client = try await goodClient()
        try FileManager.default.removeItem(atPath: "\(client.path)/ca.pem")
        await expect(client, "buildx cannot find the client certificate files in \(client.path)")
    }

    // MARK: Helpers

    private func goodClient() async throws -> ClientFolder {
        try await client(of: authority.issue(.client(name: "alice"), days: 1, now: Date()))
    }

    private func client(of identity: IssuedCertificate) throws -> ClientFolder {
        let folder = "\(installation.folder)/client-\(UInt64.random(in: 0 ... .max))"
        return try ClientFolder(folder, authority: authority.certificate, identity: identity)
    }

    private func attempt(_ client: ClientFolder) -> ProofAttempt {
        ProofAttempt(on: installation.laptop, folder: client.path, port: installation.port)
    }

    /// Expects the verification to fail at once, with that sentence and a hint.
    private func expect(
        _ client: ClientFolder, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let result = await attempt(client).run()
        #expect(result.failure?.message == sentence, sourceLocation: sourceLocation)
        #expect(result.failure?.hint != nil, sourceLocation: sourceLocation)
        #expect(result.pauses == 0, sourceLocation: sourceLocation)
    }
}
