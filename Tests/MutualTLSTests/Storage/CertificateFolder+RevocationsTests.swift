import Foundation
@testable import MutualTLS
import Testing

/// A revocation belongs to the client, and outlives changes of CAs, lists and renewals.
struct ClientRevocationTests {
    private let scratch: Scratch
    private let folder: CertificateFolder
    private let order = CertificateOrder(names: [.dns("builder.example.com")], client: "admin")

    init() async throws {
        scratch = try Scratch()
        folder = CertificateFolder(path: scratch["c"])
        try await folder.issue(order, now: .now)
        for name in ["alice", "bob"] {
            try await folder.issueClient(ClientOrder(name: name), replacing: nil, now: .now)
        }
    }

    private func serial(_ file: String) throws -> String {
        try CertificateSummary(pem: scratch.text(of: "c/\(file)")).serial
    }

    private func prepare(_ change: RenewalOrder.Change) async throws {
        try await folder.prepare(RenewalOrder(change, order), now: .now)
    }

    private func revoke(_ name: String) throws {
        let serials = try folder.issuedCertificates().filter { $0.clientName == name }.map(\.serial)
        try folder.revoke(serials, now: .now)
    }

    private func verdict(on file: String, in place: String = "c") throws -> String {
        try Tool.run(
            "openssl",
            [
                "verify", "-crl_check", "-CAfile", "\(place)/daemon/ca.pem", "-CRLfile",
                "\(place)/authority/crl.pem", file,
            ],
            in: scratch.path
        ).output
    }

    @Test func whoWasRevokedGetsNothingWhateverHappensToTheAuthority() async throws {
        let before = try serial("clients/alice/cert.pem")
        try revoke("alice")
        for change in [RenewalOrder.Change.leaves, .introduce, .retire, .leaves, .replace, .leaves] {
            try await prepare(change)
            try folder.installRenewal()
            #expect(try serial("clients/alice/cert.pem") == before, "\(change)")
            #expect(try verdict(on: "c/clients/bob/cert.pem").contains("OK"), "\(change)")
        }
        #expect(try folder.revocationRecords().map(\.name) == ["alice"])
        // Adding it again readmits it; its former certificates stay revoked.
        let new = try await folder.issueClient(ClientOrder(name: "alice"), replacing: before, now: .now)
        try await prepare(.leaves)
        try folder.installRenewal()
        #expect(try serial("clients/alice/cert.pem") != new.serial)
        #expect(try verdict(on: "c/clients/alice/cert.pem").contains("OK"))
    }

    @Test(arguments: [RenewalOrder.Change.leaves, .introduce, .replace])
    func aRenewalThatWaitsIsJudgedAnew(change: RenewalOrder.Change) async throws {
        let before = try serial("clients/alice/cert.pem")
        try await prepare(change)
        let waiting = try scratch.text(of: "c/renewal/clients/alice/cert.pem")
        try revoke("alice")
        #expect(!FileManager.default.fileExists(atPath: scratch["c/renewal/clients/alice"]))
        try folder.installRenewal()
        #expect(try serial("clients/alice/cert.pem") == before)
        // It may have been copied meanwhile.
        try scratch.write(waiting, to: "waiting.pem")
        #expect(try verdict(on: "waiting.pem").contains("revoked"))
        #expect(try verdict(on: "c/clients/bob/cert.pem").contains("OK"))
    }

    @Test func aSerialThatNobodyKnowsGoesOnTheListOfEachAuthority() async throws {
        let former = try scratch.text(of: "c/clients/bob/cert.pem")
        let number = try serial("clients/bob/cert.pem")
        try await prepare(.introduce)
        try folder.installRenewal()
        try FileManager.default.removeItem(atPath: scratch["c/authority/issued"])
        try folder.revoke([number], now: .now)
        try scratch.write(former, to: "former.pem")
        #expect(try verdict(on: "former.pem").contains("revoked"))
        #expect(try folder.keptAuthority()?.revoked == [number])
        #expect(try folder.keptFormerAuthority()?.revoked == [number])
    }

    @Test func whatTheClusterKnowsIsLearnt() async throws {
        try FileManager.default.copyItem(atPath: scratch["c"], toPath: scratch["other"])
        let other = CertificateFolder(path: scratch["other"])
        try revoke("alice")
        let inForce = try scratch.text(of: "c/authority/crl.pem")
        let bob = try serial("clients/bob/cert.pem")
        try other.revoke([bob], now: .now)
        let merged = try other.mergeRevocations(
            inForce: inForce, trusting: scratch.text(of: "other/daemon/ca.pem"), now: .now)
        #expect(try scratch.text(of: "other/authority/crl.pem") == merged.pem)
        #expect(try other.revocationRecords().map(\.name) == ["alice", "bob"])
        for name in ["alice", "bob"] {
            #expect(try verdict(on: "c/clients/\(name)/cert.pem", in: "other").contains("revoked"))
        }
        #expect(try verdict(on: "c/client/cert.pem", in: "other").contains("OK"))
    }

    /// As a rotation does, which reads what this folder has issued once for both.
    @Test func theRegisterAndTheListsAreMergedAtOnce() async throws {
        try FileManager.default.copyItem(atPath: scratch["c"], toPath: scratch["other"])
        let other = CertificateFolder(path: scratch["other"])
        try revoke("alice")
        let registry = try folder.merge(nil, inForce: nil, trusting: "", now: .now).registry
        let carol = try await other.signClient(ClientOrder(name: "carol"), replacing: nil, now: .now)
        let merged = try other.merge(
            registry, adding: [#require(carol).certificate],
            inForce: scratch.text(of: "c/authority/crl.pem"),
            trusting: scratch.text(of: "other/daemon/ca.pem"), now: .now)
        #expect(Set(merged.registry.issued.map(\.name)) == ["admin", "alice", "bob", "carol"])
        #expect(merged.registry.revoked.map(\.name) == ["alice"])
        #expect(try other.revocationRecords().map(\.name) == ["alice"])
        #expect(try scratch.text(of: "other/authority/crl.pem") == merged.lists.pem)
        #expect(try verdict(on: "c/clients/alice/cert.pem", in: "other").contains("revoked"))
        #expect(try verdict(on: "c/clients/bob/cert.pem", in: "other").contains("OK"))
    }

    @Test func aLostListComesBackFromTheRecords() async throws {
        try revoke("alice")
        try FileManager.default.removeItem(atPath: scratch["c/authority/crl.pem"])
        try folder.mergeRevocations(inForce: nil, trusting: "", now: .now)
        #expect(try verdict(on: "c/clients/alice/cert.pem").contains("revoked"))
    }

    @Test func anAuthorityOfTheUsersOwnGetsAList() async throws {
        let own = CertificateFolder(path: scratch["own"])
        for file in ["ca.pem", "key.pem"] {
            try scratch.write(scratch.text(of: "c/authority/\(file)"), to: "own/authority/\(file)")
        }
        try await own.issue(order, by: own.authority(), now: .now)
        #expect(try verdict(on: "own/client/cert.pem", in: "own").contains("OK"))
        let known = try own.issuedCertificates()
        #expect(known.count == 1)
        // After the withdrawal no record of it is left.
        try own.withdrawClient("admin", except: [])
        #expect(!FileManager.default.fileExists(atPath: scratch["own/authority/issued"]))
    }

    @Test func withoutAnAuthorityTheRecordsStay() async throws {
        try revoke("alice")
        var order = order
        order.keepAuthority = false
        try await folder.prepare(RenewalOrder(.replace, order), now: .now)
        try folder.installRenewal()
        #expect(try folder.authority() == nil)
        try await prepare(.introduce)
        #expect(!FileManager.default.fileExists(atPath: scratch["c/renewal/clients/alice"]))
        #expect(FileManager.default.fileExists(atPath: scratch["c/renewal/clients/bob"]))
    }

    /// A file system without atomic exchange, interrupted at each of the three renames.
    @Test(arguments: 0...5) func anExchangeByRenamesIsBroughtToAnEnd(changes: Int) async throws {
        try scratch.write("mine", to: "c/clients/alice/notes.txt")
        let before = try serial("clients/alice/cert.pem")
        try await prepare(.leaves)
        let part = "clients/alice"
        try? FileChangeLimit.$current.withValue(FileChangeLimit(changes)) {
            try SecureFile.exchange(
                scratch["c/renewal/\(part)"], scratch["c/\(part)"], swap: { _, _ in false })
        }
        try folder.installRenewal()
        #expect(try serial("clients/alice/cert.pem") != before)
        #expect(try scratch.text(of: "c/clients/alice/notes.txt") == "mine")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch["c/clients"]).sorted() == [
                "alice", "bob",
            ])
    }
}
