import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

@Suite struct CertificateInventoryTests {
    private let home: TemporaryFolder
    private let folder: CertificateFolder
    private let certificates: CertificateLayout
    private let dependencies: Dependencies

    init() throws {
        home = try TemporaryFolder()
        dependencies = Dependencies(
            runner: ReplayRunner([ReplayRunner.Recording]()), environment: [:], home: home.path)
        certificates = CertificateLayout(
            Answers(), installation: Answers().installation, places: dependencies.places,
            home: dependencies.home)
        folder = certificates.outer
    }

    /// Issues everything as an install does.
    private func issue(at date: Date = Date(), days: Int = 365) async throws {
        try await folder.issue(
            CertificateOrder(names: Answers().names, client: "admin", days: days), now: date)
    }

    /// The facts for the current folder, where the cluster has all of its contents.
    private func facts() async throws -> Facts {
        var facts = Facts.empty
        facts.authorities = .known(try certificates.authorities())
        facts.clients = .known(try await certificates.clients(in: dependencies))
        facts.folder = .known(await certificates.inspection(in: dependencies))
        facts.renewal = .known(try await certificates.pendingRenewal(in: dependencies))
        facts.secrets = .known(try await secrets())
        facts.served = .known(try served(by: folder))
        return facts
    }

    private func secrets() async throws -> Facts.Secrets {
        let outer = await PEMSet(server: folder.outer.server, client: nil).inspect(now: dependencies.now())
        let inner = await folder.inner.inspect(now: dependencies.now())
        return Facts.Secrets(
            outer: Facts.SecretState(digests: [:], certificates: outer.certificates, isOurs: true),
            inner: Facts.SecretState(digests: [:], certificates: inner.certificates, isOurs: true),
            findings: outer.findings + inner.findings)
    }

    private func served(by folder: CertificateFolder) throws -> ServedEndpointState {
        let pem = String(decoding: try folder.bytes(of: .serverCertificate), as: UTF8.self)
        return ServedEndpointState(
            endpoint: Endpoint(host: "localhost", port: 1234), wasForwarded: false,
            result: .answered(
                ServedEndpoint(
                    host: "localhost", port: 1234, serverName: "localhost",
                    chain: [try CertificateSummary(pem: pem)], tlsVersion: "TLSv1.3", alpn: "h2")))
    }

    @Test func everyCertificateStandsOnceWithAllItsPlaces() async throws {
        try await issue()
        let inventory = CertificateInventory(try await facts(), now: Date())
        #expect(
            inventory.entries.map { "\($0.label): \($0.placesInWords); \($0.timeLeft)" } == [
                "CA: this machine, Secret; in 3649 days", "server: this machine, Secret, served; in 364 days",
                "client admin: this machine; in 364 days", "internal CA: Secret; in 3649 days",
                "BuildKit: Secret; in 3649 days", "Envoy to BuildKit: Secret; in 3649 days",
            ])
        #expect(inventory.remarks == [])
        #expect(inventory.entries[1].signer == inventory.entries[0].certificate)
        #expect(inventory.entries[1].signerInWords == "buildkit authority")
        #expect(inventory.lines.count == 7)
    }

    @Test func whatEndsIsDueAndWhatHasEndedIsSaidFirst() async throws {
        try await issue(at: Date(timeIntervalSinceNow: -20 * 86_400), days: 10)
        let inventory = CertificateInventory(try await facts(), now: Date())
        #expect(inventory.due(within: 30).map(\.label) == ["server", "client admin"])
        #expect(
            inventory.entries[1].timeLeft == "expired 11 days ago"
                || inventory.entries[1].timeLeft == "expired 10 days ago")
        #expect(inventory.remarks.map(\.severity) == [.error, .error])
        #expect(inventory.remarks[0].sentence.hasPrefix("The server certificate expired on "))
    }

    @Test func eachCertificateHasTheCommandThatReplacesIt() async throws {
        try await issue()
        let inventory = CertificateInventory(
            try await facts(), now: Date(timeIntervalSinceNow: 3640 * 86_400))
        #expect(
            Set(inventory.remarks.compactMap(\.hint)) == [
                "Renew it: buildkit-installer rotate",
                "Create a new CA: buildkit-installer rotate --renew authority",
                "Renew it: buildkit-installer rotate --renew inner",
            ])
    }

    @Test func anotherCertificateInTheClusterIsToldApart() async throws {
        try await issue()
        var facts = try await facts()
        try await folder.issue(
            CertificateOrder(names: Answers().names, client: "admin"), now: Date(), replacing: true)
        facts.folder = .known(await certificates.inspection(in: dependencies))
        facts.authorities = .known(try certificates.authorities())
        let inventory = CertificateInventory(facts, now: Date())
        #expect(inventory.entries(for: .server).map(\.places) == [[.here], [.secret, .served]])
        let sentences = inventory.remarks.map(\.sentence)
        #expect(sentences.contains { $0.hasPrefix("The server certificate on this machine (") })
        #expect(sentences.contains("The proxy does not trust the CA on this machine."))
        #expect(
            sentences.contains(
                "The certificate of client admin is not signed by a CA that the proxy trusts, so it is rejected."
            ))
    }

    @Test func aKeyThatIsElsewhereIsSaid() async throws {
        try await issue()
        try FileManager.default.removeItem(atPath: folder.path(of: .authorityKey))
        let inventory = CertificateInventory(try await facts(), now: Date())
        #expect(
            inventory.remarks.map(\.sentence) == [
                "The CA on this machine cannot sign: its key is missing: "
                    + "\(folder.path(of: .authorityKey))."
            ])
    }

    @Test func anOldCertificateThatIsStillServedIsSaid() async throws {
        try await issue()
        let old = try served(by: folder)
        try await folder.issue(
            CertificateOrder(names: Answers().names, client: "admin"), by: folder.authority(), now: Date(),
            replacing: true)
        var facts = try await facts()
        facts.served = .known(old)
        let remarks = CertificateInventory(facts, now: Date()).remarks
        #expect(remarks.count == 1)
        #expect(remarks[0].sentence.hasSuffix("it has not reloaded it."))
    }

    /// The proxy goes by the list in its Secret, whatever the one here contains.
    @Test func aRevocationThatTheClusterLacksIsAnError() async throws {
        try await issue()
        try await folder.issueClient(ClientOrder(name: "eve"), replacing: nil, now: Date())
        let eve = try #require(try folder.issuedCertificates().first { $0.clientName == "eve" })
        try folder.revoke([eve.serial], now: Date())
        var facts = try await facts()
        facts.issued = .known(try folder.issuedCertificates())
        func inventory() -> CertificateInventory { CertificateInventory(facts, now: Date()) }
        let pending = inventory()
        #expect(
            pending.entries(for: .client(name: "eve")).map(\.expiry) == [
                "revoked locally, not yet in the cluster"
            ])
        #expect(pending.remarks.map(\.code) == ["RevocationNotInEffect"])
        #expect(pending.remarks.first?.severity == .error)
        #expect(
            pending.remarks.first?.sentence
                == "Revocations of eve are not in effect in the cluster: the list in the Secret buildkit-envoy-certs "
                + "lacks them.")
        #expect(pending.remarks.first?.hint == "Publish them: buildkit-installer client revoke eve")
        let json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(pending))
        let entry = json["certificates"]?.array.first { $0["name"] == "eve" }
        #expect(entry?["revoked"] == true && entry?["revocationPending"] == true)
        // No client could be named that has another certificate here.
        facts.issued = .known([])
        #expect(inventory().remarks.first?.hint == "Publish them: buildkit-installer rotate")

        var secrets = try await secrets()
        secrets.outer?.revoked = [eve.serial]
        facts.secrets = .known(secrets)
        #expect(inventory().remarks == [])
        #expect(inventory().entries(for: .client(name: "eve")).map(\.expiry) == ["revoked"])
    }

    @Test func itsJSONIsFlat() async throws {
        try await issue()
        let data = try JSONEncoder().encode(CertificateInventory(try await facts(), now: Date()))
        let json = try JSONDecoder().decode(JSONValue.self, from: data)
        let server = json["certificates"]?.array[1]
        #expect(server?["usage"] == "server")
        #expect(server?["locations"] == ["machine", "secret", "served"])
        #expect(server?["signer"] == json["certificates"]?.array[0]["fingerprint"])
    }
}
