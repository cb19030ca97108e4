import Foundation
@testable import MutualTLS
import Testing

struct ClientFolderTests {
    private let scratch: Scratch
    private let folder: CertificateFolder

    init() async throws {
        scratch = try Scratch()
        folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(
            CertificateOrder(names: [SubjectName("builder.example.com")], client: "admin"), now: .now)
    }

    @discardableResult
    private func issue(_ name: String, replacing serial: String? = nil) async throws -> CertificateSummary {
        try await folder.issueClient(ClientOrder(name: name), replacing: serial, now: .now)
    }

    @Test func aClientGetsAPairOfItsOwn() async throws {
        let issued = try await issue("bob")
        #expect(issued.identityName == "bob")
        #expect(await folder.inspect(client: "bob", now: .now).findings == [])
        #expect(try scratch.mode(of: "certs/clients/bob") == 0o700)
        #expect(try scratch.mode(of: "certs/clients/bob/key.pem") == 0o600)
        try scratch.openssl(
            "verify -x509_strict -purpose sslclient -CAfile certs/authority/ca.pem certs/clients/bob/cert.pem"
        )
        #expect(try folder.issuedCertificates().map(\.clientName).sorted() == ["admin", "bob"])
    }

    @Test func aRunThatIsRepeatedIssuesNothingTwice() async throws {
        let first = try await issue("bob")
        #expect(try await issue("bob") == first)
        let second = try await issue("bob", replacing: first.serial)
        #expect(second != first)
        #expect(try await issue("bob", replacing: first.serial) == second)
        #expect(try folder.issuedCertificates().count == 3)
    }

    /// The folder changes atomically; the user's files and permissions in it are kept.
    @Test func whatElseLiesInAClientsFolderStays() async throws {
        let first = try await issue("bob")
        try scratch.write("mine", to: "certs/clients/bob/notes.txt")
        chmod(scratch["certs/clients/bob"], 0o755)
        try await issue("bob", replacing: first.serial)
        #expect(await folder.inspect(client: "bob", now: .now).findings == [])
        #expect(try scratch.text(of: "certs/clients/bob/notes.txt") == "mine")
        #expect(try scratch.mode(of: "certs/clients/bob") == 0o755)
        #expect(try scratch.mode(of: "certs/clients/bob/key.pem") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["certs/clients"]) == ["bob"])
        // A rotation keeps it, too.
        try await folder.prepare(
            RenewalOrder(
                .leaves, CertificateOrder(names: [SubjectName("builder.example.com")], client: "admin")),
            now: .now)
        try folder.installRenewal()
        #expect(try scratch.text(of: "certs/clients/bob/notes.txt") == "mine")
    }

    @Test func onlyAFolderWithAClientsFilesIsAClient() async throws {
        try await issue("bob")
        try scratch.write("a bundle", to: "certs/clients/x.tar")
        try scratch.write("mine", to: "certs/clients/notes/notes.txt")
        #expect(mkfifo(scratch["certs/clients/pipe"], 0o600) == 0)
        #expect(try folder.clientNames() == ["bob"])
        // An inspection reports the missing files. A link may lead to a disk that is not mounted now.
        try scratch.write("x", to: "certs/clients/eve/key.pem")
        try FileManager.default.createSymbolicLink(
            atPath: scratch["certs/clients/ada"], withDestinationPath: scratch["nowhere"])
        #expect(try folder.clientNames() == ["ada", "bob", "eve"])
    }

    @Test func theClientOfThisMachineIsRenewedWhereItIs() async throws {
        let before = try #require(try folder.issuedCertificates().first)
        let after = try await issue("admin", replacing: before.serial)
        #expect(try folder.clientNames() == [])
        #expect(await folder.inspect(now: .now).findings == [])
        #expect(await folder.inspect(now: .now).certificates.contains(after))
        // The former one can still be revoked.
        #expect(try folder.issuedCertificates().contains(before))
    }

    @Test func whatWasRevokedIsRefusedAndTheRestIsNot() async throws {
        let bob = try await issue("bob")
        try await issue("carol")
        try folder.revoke([bob.serial, "abcdef"], now: .now)
        try folder.revoke([bob.serial.uppercased()], now: .now)
        #expect(try Set(folder.keptAuthority()?.revoked ?? []) == [bob.serial, "abcdef"])
        let verify = "verify -crl_check -CAfile certs/authority/ca.pem -CRLfile certs/authority/crl.pem"
        let refusal = try scratch.openssl(verify, "certs/clients/bob/cert.pem", failing: true)
        #expect(refusal.contains("certificate revoked"))
        try scratch.openssl(verify, "certs/clients/carol/cert.pem")
        let list = try CertificateRevocationList(pem: scratch.text(of: "certs/authority/crl.pem"))
        // Both are in one list, and repeating the revocation creates no other.
        #expect(list.number == 2)
    }

    @Test func aClientThatNobodyHasGotIsForgotten() async throws {
        let known = try folder.issuedCertificates()
        try await issue("bob")
        try folder.withdrawClient("bob", except: known.map(\.serial))
        #expect(try folder.issuedCertificates() == known)
        #expect(try folder.clientNames() == [])
        // A certificate that existed before is kept.
        let carol = try await issue("carol")
        try folder.withdrawClient("carol", except: [carol.serial])
        #expect(try folder.clientNames() == ["carol"])
    }

    /// It may be the only copy of the user's key.
    @Test(arguments: ["key.pem", "cert.pem", "ca.pem"])
    func aLoneFileIsNotReplaced(_ file: String) async throws {
        try scratch.write("precious", to: "certs/clients/bob/\(file)")
        let error = try await #require(throws: CredentialsError.self) { try await issue("bob") }
        #expect(error.sentence.contains("clients/bob contains \(file) but no usable certificate"))
        #expect(try scratch.text(of: "certs/clients/bob/\(file)") == "precious")
    }

    /// For any number of changes before the run is killed, the client can be added again; also where the files cannot be
    /// replaced as one.
    @Test(arguments: [false, true]) func afterAKilledWithdrawalTheClientCanBeAdded(isLinked: Bool)
        async throws
    {
        if isLinked {
            for folder in ["elsewhere", "certs/clients"] {
                try FileManager.default.createDirectory(
                    atPath: scratch[folder], withIntermediateDirectories: true)
            }
            try FileManager.default.createSymbolicLink(
                atPath: scratch["certs/clients/bob"], withDestinationPath: scratch["elsewhere"])
        }
        var changes = 0
        var isDone = false
        while !isDone {
            let bob = try await issue("bob")
            try scratch.write("mine", to: "certs/clients/bob/notes.txt")
            let limit = FileChangeLimit(changes)
            try? FileChangeLimit.$current.withValue(limit) { try folder.withdrawClient("bob", except: []) }
            isDone = !limit.isReached
            let again = try await issue("bob", replacing: bob.serial)
            #expect(again != bob)
            #expect(await folder.inspect(client: "bob", now: .now).findings == [], "\(changes)")
            #expect(try scratch.text(of: "certs/clients/bob/notes.txt") == "mine", "\(changes)")
            try folder.withdrawClient("bob", except: [])
            changes += 1
        }
        #expect(changes > 4)
    }

    @Test func withoutItsKeyTheAuthorityDoesNothing() async throws {
        try await issue("bob")
        let key = scratch["certs/authority/key.pem"]
        try FileManager.default.moveItem(atPath: key, toPath: scratch["elsewhere"])
        await #expect(throws: CredentialsError.self) { try await issue("carol") }
        #expect(throws: CredentialsError.self) { try folder.revoke(["ab"], now: .now) }
        #expect(try folder.clientNames() == ["bob"])
        // Copied back, it is the CA again, with its records.
        try FileManager.default.moveItem(atPath: scratch["elsewhere"], toPath: key)
        try await issue("carol")
        #expect(try folder.issuedCertificates().map(\.clientName).sorted() == ["admin", "bob", "carol"])
    }
}
