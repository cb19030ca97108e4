import Foundation
@testable import MutualTLS
import Testing

@Suite struct RenewalTests {
    private let scratch: Scratch
    private let folder: CertificateFolder
    private let order = CertificateOrder(names: [.dns("builder.example.com")], client: "laptop")
    private let verify = "verify -x509_strict"

    init() async throws {
        scratch = try Scratch()
        folder = CertificateFolder(path: scratch["c"])
        try await folder.issue(order, now: .now)
        try await folder.issueClient(ClientOrder(name: "ci"), replacing: nil, now: .now)
    }

    private func serial(_ file: String) throws -> String {
        try CertificateSummary(pem: scratch.text(of: "c/\(file)")).serial
    }

    private func renew(_ change: RenewalOrder.Change) async throws {
        try await folder.prepare(RenewalOrder(change, order), now: .now)
        try folder.installRenewal()
    }

    @Test func leavesAreSignedByTheAuthorityThatIsThere() async throws {
        let files = ["daemon/cert.pem", "client/cert.pem", "clients/ci/cert.pem"]
        let before = try files.map(serial)
        let authority = try scratch.text(of: "c/authority/ca.pem")
        try await folder.prepare(RenewalOrder(.leaves, order), now: .now)
        #expect(try files.map(serial) == before)
        #expect(try folder.installRenewal() == ["client", "clients/ci", "daemon"])
        for (file, serial) in try zip(files, files.map(serial)) where before.contains(serial) {
            Issue.record("\(file) is the same")
        }
        #expect(try scratch.text(of: "c/authority/ca.pem") == authority)
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(
            verify, "-CAfile c/daemon/ca.pem -purpose sslclient c/client/cert.pem c/clients/ci/cert.pem")
        #expect(!FileManager.default.fileExists(atPath: scratch["c/renewal"]))
        #expect(try folder.issuedCertificates().count == 4)
        #expect(try scratch.mode(of: "c/client/key.pem") == 0o600)
        #expect(try scratch.mode(of: "c/client") == 0o700)
    }

    @Test func whoHasOrderedARenewalIsRecorded() async throws {
        try await folder.prepare(RenewalOrder(.leaves, order, owner: "test/team/buildkit"), now: .now)
        #expect(try folder.pendingRenewal()?.order.owner == "test/team/buildkit")
        // The record of an earlier version, without an owner.
        let file = URL(filePath: scratch["c/renewal/renewal.json"])
        var record = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var ordered = try #require(record["order"] as? [String: Any])
        ordered["owner"] = nil
        record["order"] = ordered
        try JSONSerialization.data(withJSONObject: record).write(to: file)
        let former = try #require(try folder.pendingRenewal())
        #expect(former.order.owner == nil)
        #expect(folder.serverWaits(of: former))
    }

    @Test func anAuthorityIsIntroducedBesideTheFormerOneWhichIsThenDropped() async throws {
        try FileManager.default.copyItem(atPath: scratch["c"], toPath: scratch["old"])
        try await renew(.introduce)
        // Both former and new clients can still connect to the proxy.
        try scratch.openssl(verify, "-CAfile old/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        let lists = "-crl_check -CRLfile c/authority/crl.pem -purpose sslclient"
        for client in ["old/client", "old/clients/ci", "c/client", "c/clients/ci"] {
            try scratch.openssl(verify, "-CAfile c/daemon/ca.pem \(lists) \(client)/cert.pem")
        }
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem c/client/cert.pem")
        try scratch.openssl(verify, "-CAfile c/authority/former/ca.pem c/client/cert.pem", failing: true)
        #expect(try folder.keptFormerAuthority()?.canSign == true)

        let client = try scratch.text(of: "c/client/cert.pem")
        try await renew(.retire)
        #expect(try scratch.text(of: "c/client/cert.pem") == client)
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(
            verify, "-CAfile c/daemon/ca.pem \(lists) c/client/cert.pem c/clients/ci/cert.pem")
        try scratch.openssl(verify, "-CAfile c/daemon/ca.pem old/client/cert.pem", failing: true)
        #expect(try folder.keptFormerAuthority() == nil)
        #expect(await folder.inspect(expecting: order.names, now: .now).findings.isEmpty)
    }

    /// Another installation with this folder may still trust it.
    @Test func aFormerAuthorityThatIsToBeKeptIsDeletedLater() async throws {
        try await renew(.introduce)
        let former = try #require(try folder.keptFormerAuthority()).certificate
        try await folder.prepare(RenewalOrder(.retire, order, keepsFormer: true), now: .now)
        try folder.installRenewal()
        #expect(try folder.keptFormerAuthority()?.certificate == former)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
        // The server has a certificate of the signing CA, and keeps it.
        try await renew(.leaves)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.write("mine", to: "c/authority/former/notes.txt")
        try folder.removeFormerAuthority()
        #expect(try folder.keptFormerAuthority() == nil)
        #expect(!FileManager.default.fileExists(atPath: scratch["c/authority/former/key.pem"]))
        #expect(try scratch.text(of: "c/authority/former/notes.txt") == "mine")
    }

    /// It may be the only copy of the user's key.
    @Test(arguments: ["authority/key.pem", "authority/former/key.pem"])
    func aKeyWithoutItsAuthorityIsNotReplaced(_ file: String) async throws {
        let certificate = file.replacing("key.pem", with: "ca.pem")
        try SecureFile.removeFile(scratch["c/\(certificate)"])
        try scratch.write("precious", to: "c/\(file)")
        for change in [RenewalOrder.Change.introduce, .replace] {
            let error = try await #require(throws: CredentialsError.self) {
                try await folder.prepare(RenewalOrder(change, order), now: .now)
            }
            #expect(error.sentence.contains("contains \(file) but not \(certificate)"))
        }
        try folder.removeFormerAuthority()
        try folder.removeAuthority()
        #expect(try scratch.text(of: "c/\(file)") == "precious")
    }

    /// A rotation by the calendar, for example: clients on other machines only have the former CA.
    @Test func betweenThePhasesTheServerIsRenewedWithTheFormerAuthority() async throws {
        try FileManager.default.copyItem(atPath: scratch["c"], toPath: scratch["old"])
        try await renew(.introduce)
        let server = try serial("daemon/cert.pem")
        try await renew(.leaves)
        #expect(try serial("daemon/cert.pem") != server)
        for client in ["old/client", "c/client"] {
            try scratch.openssl(verify, "-CAfile \(client)/ca.pem -purpose sslserver c/daemon/cert.pem")
            try scratch.openssl(verify, "-CAfile c/daemon/ca.pem -purpose sslclient \(client)/cert.pem")
        }
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem c/clients/ci/cert.pem")
        try FileManager.default.removeItem(atPath: scratch["c/authority/former/key.pem"])
        let refusal = await #expect(throws: CredentialsError.self) { try await renew(.leaves) }
        #expect(refusal?.hint.contains("rotate --finish") == true)
        try await renew(.retire)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
    }

    @Test func withoutTheFormerKeyTheServerKeepsItsCertificateUntilTheEnd() async throws {
        let server = try serial("daemon/cert.pem")
        try FileManager.default.removeItem(atPath: scratch["c/authority"])
        try await renew(.introduce)
        #expect(try serial("daemon/cert.pem") == server)
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(verify, "-CAfile c/daemon/ca.pem -purpose sslclient c/client/cert.pem")
        try await renew(.retire)
        #expect(try serial("daemon/cert.pem") != server)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
    }

    /// Another machine has replaced the CA; the server's files are those of the Secret.
    private func replaceElsewhere() async throws -> CertificateFolder {
        let other = CertificateFolder(path: scratch["other"])
        try await other.issue(order, now: .now)
        try folder.keepServer(
            authority: scratch.text(of: "other/daemon/ca.pem"),
            certificate: scratch.text(of: "other/daemon/cert.pem"),
            key: SecretText(scratch.text(of: "other/daemon/key.pem")),
            revocations: scratch.text(of: "other/authority/crl.pem"))
        return other
    }

    /// The CA on this machine signs nothing that is used any more, and does not become trusted again.
    @Test func whereTheProxyDoesNotTrustTheCAHereTheServerKeepsItsCertificate() async throws {
        // The key of an older one is here as well.
        try await renew(.introduce)
        let dropped = try scratch.text(of: "c/authority/ca.pem")
        let other = try await replaceElsewhere()
        let server = try serial("daemon/cert.pem")
        try await renew(.introduce)
        #expect(try serial("daemon/cert.pem") == server)
        let trusted = try scratch.text(of: "c/daemon/ca.pem")
        #expect(
            try trusted == scratch.text(of: "c/authority/ca.pem") + scratch.text(of: "other/daemon/ca.pem"))
        #expect(!trusted.contains(dropped))
        for client in ["other/client", "c/client"] {
            try scratch.openssl(verify, "-CAfile \(client)/ca.pem -purpose sslserver c/daemon/cert.pem")
            try scratch.openssl(
                verify,
                "-crl_check -CRLfile c/authority/crl.pem -CAfile c/daemon/ca.pem -purpose sslclient \(client)/cert.pem"
            )
        }
        // The old CA is the trusted one, and its key is on the other machine.
        let theirs = try #require(try other.keptAuthority()).certificate
        let former = try #require(try folder.keptFormerAuthority())
        #expect(former.certificate == theirs && !former.canSign)
        #expect(!FileManager.default.fileExists(atPath: scratch["c/authority/former/key.pem"]))
        let refusal = await #expect(throws: CredentialsError.self) { try await renew(.leaves) }
        #expect(refusal?.hint.contains("rotate --finish") == true)
        try await renew(.retire)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
    }

    /// Nobody could connect.
    @Test func aCertificateOfACAThatIsNotTrustedIsNotPrepared() async throws {
        _ = try await replaceElsewhere()
        let refusal = await #expect(throws: CredentialsError.self) { try await renew(.leaves) }
        #expect(refusal?.sentence.contains("is not signed by a CA that is trusted with it") == true)
        #expect(refusal?.hint.contains("Copy the authority/ directory") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch["c/renewal"]))
    }

    /// The server certificate has another CA than those of the clients, whose keys are elsewhere.
    @Test func whereNoTrustedCAHasSignedTheServersTheNewOneDoes() async throws {
        let other = CertificateFolder(path: scratch["other"])
        try await other.issue(order, now: .now)
        let theirs = try scratch.text(of: "other/authority/ca.pem")
        try FileManager.default.removeItem(atPath: scratch["c/authority"])
        try scratch.write(theirs, to: "c/daemon/ca.pem")
        try await renew(.introduce)
        for client in ["other/client", "c/client"] {
            try scratch.openssl(verify, "-CAfile c/daemon/ca.pem -purpose sslclient \(client)/cert.pem")
        }
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
        #expect(try scratch.text(of: "c/authority/former/ca.pem") == theirs)
    }

    /// An earlier version signed the server certificate with a CA that the proxy did not trust.
    @Test func aFormerCAThatIsNotTrustedSignsNothing() async throws {
        try await renew(.introduce)
        try scratch.write(scratch.text(of: "c/authority/ca.pem"), to: "c/daemon/ca.pem")
        try await renew(.leaves)
        try scratch.openssl(verify, "-CAfile c/authority/ca.pem -purpose sslserver c/daemon/cert.pem")
    }

    @Test func anAuthorityThatHasExpiredIsReplacedAtOnce() async throws {
        let late = Date(timeIntervalSinceNow: 3651 * 86_400)
        await #expect(throws: CredentialsError.self) {
            try await folder.prepare(RenewalOrder(.leaves, order), now: late)
        }
        try await folder.prepare(RenewalOrder(.replace, order), now: late)
        try folder.installRenewal()
        #expect(await folder.inspect(expecting: order.names, now: late).findings.isEmpty)
        #expect(await folder.inspect(client: "ci", now: late).findings.isEmpty)
    }

    @Test func whoWasRevokedGetsNothingNew() async throws {
        try folder.revoke([serial("clients/ci/cert.pem")], now: .now)
        let before = try serial("clients/ci/cert.pem")
        try await renew(.leaves)
        #expect(try serial("clients/ci/cert.pem") == before)
    }

    @Test func theInnerHopIsRenewedByItself() async throws {
        let (inner, server) = try (serial("inner/server-cert.pem"), serial("daemon/cert.pem"))
        try await renew(.inner)
        #expect(try serial("inner/server-cert.pem") != inner)
        #expect(try serial("daemon/cert.pem") == server)
        #expect(await folder.inner.inspect(now: .now).findings.isEmpty)
    }

    /// Folders that were already exchanged before the interruption are not exchanged again.
    @Test(arguments: [[], ["client"], ["client", "clients/ci"], ["client", "clients/ci", "daemon"]])
    func whatWasCutShortIsBroughtToItsEnd(done: [String]) async throws {
        let before = try ["client/cert.pem", "daemon/cert.pem", "clients/ci/cert.pem"].map(serial)
        try await folder.prepare(RenewalOrder(.leaves, order), now: .now)
        let new = try ["client/cert.pem", "daemon/cert.pem", "clients/ci/cert.pem"].map {
            try CertificateSummary(pem: scratch.text(of: "c/renewal/\($0)")).serial
        }
        for part in done { try SecureFile.exchange(scratch["c/renewal/\(part)"], scratch["c/\(part)"]) }
        let pending = try #require(try folder.pendingRenewal())
        #expect(folder.serverWaits(of: pending) == !done.contains("daemon"))
        try folder.installRenewal()
        let after = try ["client/cert.pem", "daemon/cert.pem", "clients/ci/cert.pem"].map(serial)
        #expect(after == new)
        #expect(after != before)
        #expect(try folder.installRenewal().isEmpty)
    }

    /// Puts the renewal in place in copies, each killed after one more change.
    /// - Returns: the changes of a whole run.
    private func installKilled(_ check: (_ copy: CertificateFolder, _ changes: Int) throws -> Void) throws
        -> Int
    {
        var (changes, wasKilled) = (0, true)
        while wasKilled {
            let copy = CertificateFolder(path: scratch["copy"])
            try? FileManager.default.removeItem(atPath: copy.path)
            try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
            let limit = FileChangeLimit(changes)
            _ = try? FileChangeLimit.$current.withValue(limit) { try copy.installRenewal() }
            wasKilled = limit.isReached
            try check(copy, changes)
            changes += 1
        }
        return changes
    }

    /// Wherever a run is killed while it puts a new CA in place, the next one reads a CA that can sign and the name of
    /// the client: on both depends whether it may drop the old CA.
    @Test func aKilledRunLeavesACAThatCanBeRead() async throws {
        let old = try #require(try folder.keptAuthority()).certificate
        try await folder.prepare(RenewalOrder(.introduce, order), now: .now)
        let new = try #require(try folder.renewal.keptAuthority()).certificate
        let changes = try installKilled { copy, changes in
            let authority = try #require(try copy.keptAuthority(), "\(changes)")
            #expect(authority.canSign && [old, new].contains(authority.certificate), "\(changes)")
            #expect(!copy.isHalfWritten, "\(changes)")
            try copy.installRenewal()
            #expect(try copy.keptAuthority()?.certificate == new, "\(changes)")
        }
        #expect(changes > 10)
    }

    /// It may be the only copy, and is needed until the new CA is in place.
    @Test func theKeyOfAFormerCAGoesAfterTheCA() async throws {
        try await renew(.introduce)
        let before = try #require(try folder.keptFormerAuthority())
        #expect(before.canSign)
        _ = try await replaceElsewhere()
        try await folder.prepare(RenewalOrder(.introduce, order), now: .now)
        let changes = try installKilled { copy, changes in
            let former = try #require(try copy.keptFormerAuthority(), "\(changes)")
            #expect(former.certificate != before.certificate || former.canSign, "\(changes)")
            try copy.installRenewal()
            #expect(try copy.keptFormerAuthority()?.certificate != before.certificate, "\(changes)")
            #expect(!FileManager.default.fileExists(atPath: copy.path(of: .formerKey)), "\(changes)")
        }
        #expect(changes > 10)
    }

    @Test func aPairThatCannotBeChangedLeavesAllAsItWas() async throws {
        try await folder.prepare(RenewalOrder(.leaves, order), now: .now)
        let before = try ["client/cert.pem", "daemon/cert.pem"].map(serial)
        // A file in the place of a folder: the last part cannot be put in place.
        try FileManager.default.removeItem(atPath: scratch["c/authority"])
        try scratch.write("", to: "c/authority")
        #expect(throws: CredentialsError.self) { try folder.installRenewal() }
        #expect(try ["client/cert.pem", "daemon/cert.pem"].map(serial) == before)
    }

    @Test func foldersChangePlaces() throws {
        try scratch.write("a", to: "one/file")
        try scratch.write("b", to: "two/file")
        try SecureFile.exchange(scratch["one"], scratch["two"])
        #expect(try scratch.text(of: "one/file") == "b")
        #expect(try scratch.text(of: "two/file") == "a")
        try SecureFile.exchange(scratch["one"], scratch["new/three"])
        #expect(try scratch.text(of: "new/three/file") == "b")
        #expect(!FileManager.default.fileExists(atPath: scratch["one"]))
    }

    /// A reader of a pair finds the old one or the new one, at any moment.
    @Test func noMomentHasNeither() async throws {
        for name in ["a", "b"] { try scratch.write(name, to: "\(name)/file") }
        let path = scratch.path
        let reading = Task.detached {
            var missing = 0
            while !Task.isCancelled { if access("\(path)/b/file", R_OK) != 0 { missing += 1 } }
            return missing
        }
        for _ in 0..<2000 { try SecureFile.exchange(scratch["a"], scratch["b"]) }
        reading.cancel()
        #expect(await reading.value == 0)
    }

    @Test func whatTheSecretHoldsIsKeptWithTheNewestLists() async throws {
        let old = try scratch.text(of: "c/authority/crl.pem")
        try folder.revoke([serial("clients/ci/cert.pem")], now: .now)
        let new = try scratch.text(of: "c/authority/crl.pem")
        let (ca, cert, key) = try (
            scratch.text(of: "c/daemon/ca.pem"), scratch.text(of: "c/daemon/cert.pem"),
            SecretText(scratch.text(of: "c/daemon/key.pem"))
        )
        try folder.keepServer(authority: ca, certificate: cert, key: key, revocations: old)
        #expect(try scratch.text(of: "c/authority/crl.pem") == new)
        let other = CertificateFolder(path: scratch["other"])
        try other.keepServer(authority: ca, certificate: cert, key: key, revocations: new)
        #expect(try scratch.text(of: "other/authority/crl.pem") == new)
        #expect(try scratch.mode(of: "other/daemon/key.pem") == 0o600)
    }
}
