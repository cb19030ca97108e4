import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

@Suite struct RevocationStateTests {
    private let authority: CertificateAuthority
    private let alice: CertificateSummary

    init() async throws {
        authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: Date())
        alice = try await authority.issue(.client(name: "alice"), days: 20, now: Date()).summary
    }

    /// - Parameters:
    ///   - here: the serials on the list of this machine.
    ///   - records: the revocations of this machine by client, which no list has yet.
    ///   - cluster: the serials on the list in the cluster.
    ///   - register: serials by client that machines have registered.
    private func state(
        issued: [CertificateSummary] = [], here: [String] = [],
        records: [(name: String, serial: String)] = [],
        cluster: [String] = [], register: [(name: String, serial: String)] = [], isTrusted: Bool = true
    ) throws -> RevocationState {
        let entries = register.map {
            #"{"name": "\#($0.name)", "serial": "\#($0.serial)", "notAfter": 4102444800}"#
        }
        let registry = try ClientRegistry(
            json: #"{"issued": [\#(entries.joined(separator: ", "))], "revoked": []}"#)
        return RevocationState(
            issued: issued,
            authorities: Facts.Authorities(
                current: AuthorityStatus(certificate: authority.summary, revoked: here),
                revocations: records.map { record in
                    ClientRevocation(
                        name: record.name,
                        certificates: [RevokedCertificate(serial: record.serial, signer: nil, date: Date())])
                }),
            secret: Facts.SecretState(
                digests: ["crl.pem": "x"], certificates: isTrusted ? [authority.summary] : [], isOurs: true,
                revoked: cluster, clients: registry))
    }

    /// Its certificate was issued on another machine, so only the register tells what it has.
    @Test func aClientOfAnotherMachineIsRevokedByItsRegisteredSerials() throws {
        let register = [(name: "bob", serial: "aa"), (name: "bob", serial: "bb")]
        #expect(try state(here: ["aa", "bb"], cluster: ["aa", "bb"], register: register).isRevoked("bob"))
        #expect(try !state(here: ["aa"], cluster: ["aa"], register: register).isRevoked("bob"))
        #expect(try !state(here: ["aa"], cluster: ["aa"]).isRevoked("bob"))
    }

    @Test func aCertificateOfEitherPlaceReadmitsItsClient() throws {
        let serials = [alice.serial, "aa"]
        let register = [(name: "alice", serial: "aa")]
        #expect(
            try state(issued: [alice], here: serials, cluster: serials, register: register).isRevoked("alice")
        )
        for serial in serials {
            let known = try state(issued: [alice], here: [serial], cluster: [serial], register: register)
            #expect(!known.isRevoked("alice"))
        }
    }

    @Test func aRevocationThatTheClusterLacksIsPending() throws {
        let known = try state(
            issued: [alice], here: [alice.serial, "aa"], records: [("bob", "bb")], cluster: ["aa"])
        #expect(known.pending == [alice.serial, "bb"])
        #expect(known.needsMerge)
        #expect(known.status(of: alice.serial) == .pending)
        #expect(known.status(of: "aa") == .revoked)
        #expect(known.status(of: "cc") == .notRevoked)
        #expect(known.status(ofClient: "alice") == .pending)
        #expect(
            known.pendingSentence
                == "Revocations of alice and bob are not in effect in the cluster: the list in the Secret "
                + "buildkit-envoy-certs lacks them.")
        let unnamed = try state(here: ["dd"])
        #expect(unnamed.pendingSentence?.hasPrefix("Revocations of serial dd are not in effect") == true)
    }

    /// Its clients are refused whatever its list contains.
    @Test func aListOfACAThatTheProxyDoesNotTrustIsNotMissed() throws {
        let known = try state(issued: [alice], here: [alice.serial], isTrusted: false)
        #expect(known.pending == [])
        #expect(!known.needsMerge)
        #expect(known.status(ofClient: "alice") == .revoked)
    }

    @Test func whatBothHaveIsInEffect() throws {
        let known = try state(issued: [alice], here: [alice.serial], cluster: [alice.serial])
        #expect(known.pendingSentence == nil)
        #expect(known.status(ofClient: "alice") == .revoked)
    }
}
