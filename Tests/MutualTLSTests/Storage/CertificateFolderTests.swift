import Foundation
@testable import MutualTLS
import Testing

struct CertificateFolderTests {
    private let order = CertificateOrder(
        names: [.dns("builder.example.com"), .ip([127, 0, 0, 1])], client: "laptop")

    @Test func aWholeFolderIsIssued() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["new, with spaces/certs/"])
        let written = try await folder.issue(order, now: .now)
        #expect(written == CertificateFile.issued)
        #expect(folder.holds(CertificateFile.issued))

        let verify = "verify -x509_strict"
        try FileManager.default.moveItem(atPath: folder.path, toPath: scratch["c"])
        try scratch.openssl(verify, "-CAfile c/client/ca.pem -purpose sslserver c/daemon/cert.pem")
        try scratch.openssl(verify, "-CAfile c/daemon/ca.pem -purpose sslclient c/client/cert.pem")
        try scratch.openssl(
            verify, "-CAfile c/inner/ca.pem -verify_hostname buildkitd c/inner/server-cert.pem")
        try scratch.openssl(verify, "-CAfile c/inner/ca.pem -purpose sslclient c/inner/client-cert.pem")
        try scratch.openssl("crl -in c/authority/crl.pem -CAfile c/authority/ca.pem -noout")
        // The two hops must not trust each other.
        try scratch.openssl(verify, "-CAfile c/inner/ca.pem c/client/cert.pem", failing: true)
        try scratch.openssl(verify, "-CAfile c/client/ca.pem c/inner/client-cert.pem", failing: true)

        let inspection = await CertificateFolder(path: scratch["c"]).inspect(
            expecting: order.names, now: .now)
        #expect(inspection.findings.isEmpty)
        #expect(inspection.certificates.map(\.role) == [.authority, .server, .client])
        #expect(await CertificateFolder(path: scratch["c"]).inner.inspect(now: .now).findings.isEmpty)
    }

    @Test func keysAreForTheirOwnerAloneUnderAnyUmask() async throws {
        let scratch = try Scratch()
        let before = umask(0)
        defer { umask(before) }
        try await CertificateFolder(path: scratch["deep/certs"]).issue(order, now: .now)
        for folder in ["deep", "deep/certs", "deep/certs/daemon", "deep/certs/authority", "deep/certs/inner"]
        {
            #expect(try scratch.mode(of: folder) == 0o700)
        }
        for file in CertificateFile.issued {
            #expect(try scratch.mode(of: "deep/certs/\(file.rawValue)") == (file.isSecret ? 0o600 : 0o644))
        }
    }

    @Test func whatExistsIsKept() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(order, now: .now)
        let before = try CertificateFile.issued.map { try folder.bytes(of: $0) }
        #expect(try await folder.issue(order, now: .now).isEmpty)
        #expect(try await folder.issueInner(now: .now).isEmpty)
        #expect(try CertificateFile.issued.map { try folder.bytes(of: $0) } == before)
    }

    @Test func replacingIssuesEverythingAnew() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(order, now: .now)
        let before = try CertificateFile.issued.map { try folder.bytes(of: $0) }
        try await folder.issue(order, now: .now, replacing: true)
        for (file, bytes) in zip(CertificateFile.issued, before) {
            #expect(try folder.bytes(of: file) != bytes)
        }
        #expect(await folder.inspect(expecting: order.names, now: .now).findings.isEmpty)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "authority", "client", "daemon", "inner",
            ])
    }

    @Test func aKeptAuthorityIssuesAgainAndKeepsItsRevocations() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(order, now: .now)
        let authority = try #require(try folder.authority())
        let revocations = try folder.bytes(of: .revocations)
        let client = try folder.bytes(of: .clientCertificate)
        let written = try await folder.issue(order, by: authority, now: .now, replacing: true)
        #expect(!written.contains(.authorityKey))
        #expect(try folder.bytes(of: .revocations) == revocations)
        #expect(try folder.bytes(of: .clientCertificate) != client)
        #expect(await folder.inspect(now: .now).findings.isEmpty)
    }

    @Test func anAuthorityIsForgottenOnRequest() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(order, now: .now)
        var order = order
        order.keepAuthority = false
        try await folder.issue(order, now: .now, replacing: true)
        #expect(try folder.authority() == nil)
        #expect(!SecureFile.exists(scratch["certs/authority"]))
        #expect(await folder.inspect(now: .now).findings.isEmpty)
    }

    @Test func theInnerHopJoinsCertificatesThatSomebodyBrought() async throws {
        let scratch = try Scratch()
        try scratch.makeAuthority("ca")
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth")
        try scratch.makeFolder(server: "server", client: "client")
        let folder = CertificateFolder(path: scratch["certs"])
        let before = try CertificateFile.outer.map { try folder.bytes(of: $0) }
        #expect(try await folder.issueInner(now: .now) == CertificateFile.inner)
        #expect(try CertificateFile.outer.map { try folder.bytes(of: $0) } == before)
        #expect(await folder.inner.inspect(expecting: BackendTLS.serverNames, now: .now).findings.isEmpty)
    }

    @Test func anInterruptionBeforeTheEndLeavesNothing() async throws {
        let scratch = try Scratch()
        // As left by a run that is killed while it stages next to a folder that does not exist yet …
        try scratch.write("half a key", to: ".certs.issuing/daemon/key.pem")
        let folder = CertificateFolder(path: scratch["certs"])
        #expect(!SecureFile.exists(folder.path))
        #expect(try await folder.issue(order, now: .now) == CertificateFile.issued)
        #expect(!SecureFile.exists(scratch[".certs.issuing"]))
        // … and in an existing one.
        let before = try folder.bytes(of: .serverKey)
        try scratch.write("half a key", to: "certs/.issuing/daemon/key.pem")
        #expect(try await folder.issue(order, now: .now).isEmpty)
        #expect(try folder.bytes(of: .serverKey) == before)
        #expect(!SecureFile.exists(scratch["certs/.issuing"]))
    }

    /// For any number of files that were moved before the run was killed, the next run moves the others.
    @Test(arguments: 0...CertificateFile.outer.count)
    func anInterruptionWhileFilesAreMovedIsCompletedByTheNextRun(moved: Int) async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try await folder.issue(order, now: .now)
        let other = CertificateFolder(path: scratch["other"])
        try await other.issue(order, now: .now)
        let expected = try CertificateFile.outer.map { try other.bytes(of: $0) }
        for (index, file) in CertificateFile.outer.enumerated() {
            let place = index < moved ? "certs/" : "certs/.issued/"
            try scratch.write(other.bytes(of: file), to: place + file.rawValue)
        }
        try scratch.write("", to: "certs/.issued/daemon/.keep")
        #expect(try await folder.issue(order, now: .now).isEmpty)
        #expect(try CertificateFile.outer.map { try folder.bytes(of: $0) } == expected)
        #expect(!SecureFile.exists(scratch["certs/.issued"]))
    }

    @Test func halfASetIsForAPersonToDecide() async throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "certs/daemon/cert.pem")
        let error = try await #require(throws: CredentialsError.self) {
            try await CertificateFolder(path: scratch["certs"]).issue(order, now: .now)
        }
        #expect(error.problem == .folder)
        #expect(error.sentence.contains("contains daemon/cert.pem but not daemon/ca.pem"))
        #expect(try scratch.text(of: "certs/daemon/cert.pem") == "x")
    }

    /// It may be the only copy of the user's key.
    @Test(arguments: ["authority/key.pem", "authority/ca.pem", "inner/server-key.pem", "client/ca.pem"])
    func aLoneFileIsNotReplaced(_ file: String) async throws {
        for isLinked in [false, true] {
            let scratch = try Scratch()
            let part = SecureFile.parent(of: file)
            try scratch.write("precious", to: isLinked ? "elsewhere/\(file)" : "certs/\(file)")
            if isLinked {
                try scratch.write("", to: "certs/.keep")
                try FileManager.default.createSymbolicLink(
                    atPath: scratch["certs/\(part)"], withDestinationPath: scratch["elsewhere/\(part)"])
            }
            let error = try await #require(throws: CredentialsError.self) {
                try await CertificateFolder(path: scratch["certs"]).issue(order, now: .now)
            }
            #expect(error.problem == .folder)
            #expect(error.sentence.contains("certs contains \(file) but not "))
            #expect(error.hint.contains("move \(file) to another directory"))
            #expect(try scratch.text(of: "certs/\(file)") == "precious")
            let left = try FileManager.default.subpathsOfDirectory(atPath: scratch["certs"])
            #expect(left.filter { $0.hasSuffix(".pem") } == (isLinked ? [] : [file]))
        }
    }

    /// It may be the only record of a revocation.
    @Test func aLoneListIsKeptOrStopsIt() async throws {
        let scratch = try Scratch()
        let folder = CertificateFolder(path: scratch["certs"])
        try scratch.write("precious", to: "certs/authority/crl.pem")
        let error = try await #require(throws: CredentialsError.self) {
            try await folder.issue(order, now: .now)
        }
        #expect(error.sentence.contains("authority/crl.pem"))
        #expect(try scratch.text(of: "certs/authority/crl.pem") == "precious")
        #expect(!folder.holds([.authorityKey]))
        let other = CertificateFolder(path: scratch["other"])
        try await other.issue(order, now: .now)
        try other.revoke(["ab"], now: .now)
        try scratch.write(scratch.text(of: "other/authority/crl.pem"), to: "certs/authority/crl.pem")
        try await folder.issue(order, now: .now)
        #expect(try folder.revokedSerials() == ["ab"])
        #expect(try folder.keptAuthority()?.canSign == true)
    }

    /// For any number of changes before the run is killed, the next run has a whole CA.
    @Test func anInterruptionLeavesNoPartOfAnAuthority() async throws {
        let scratch = try Scratch()
        for (index, before) in ["", "certs/notes"].enumerated() {
            var changes = 0
            var isWhole = false
            while !isWhole {
                let path = "\(index)-\(changes)"
                if !before.isEmpty { try scratch.write("x", to: "\(path)/\(before)") }
                let folder = CertificateFolder(path: scratch["\(path)/certs"])
                let limit = FileChangeLimit(changes)
                _ = try? await FileChangeLimit.$current.withValue(limit) {
                    try await folder.issue(order, now: .now)
                }
                isWhole = !limit.isReached
                try await folder.issue(order, now: .now)
                #expect(await folder.inspect(now: .now).findings.isEmpty, "\(path)")
                changes += 1
            }
            #expect(changes > 10)
        }
    }

    /// A killed deletion leaves no key whose CA is unknown.
    @Test func ofAnAuthorityTheCertificateAndTheMarkAreDeletedLast() async throws {
        let scratch = try Scratch()
        let model = CertificateFolder(path: scratch["model"])
        try await model.issue(order, now: .now)
        try scratch.write("{}", to: "model/\(CertificateFile.authorityMark)")
        var changes = 0
        var isDone = false
        while !isDone {
            try FileManager.default.copyItem(atPath: model.path, toPath: scratch["\(changes)"])
            let folder = CertificateFolder(path: scratch["\(changes)"])
            let files = try folder.authorityFiles() + [CertificateFile.authorityMark]
            let limit = FileChangeLimit(changes)
            try? FileChangeLimit.$current.withValue(limit) { try folder.remove(files) }
            isDone = !limit.isReached
            let isMarked = SecureFile.exists(folder.path + "/" + CertificateFile.authorityMark)
            #expect(!folder.holds([.authorityKey]) || folder.holds([.authorityCertificate]))
            #expect(!folder.holds([.authorityCertificate]) || isMarked)
            changes += 1
        }
        #expect(changes > 4)
    }

    @Test func aBadOrderWritesNothing() async throws {
        let scratch = try Scratch()
        for bad in [
            CertificateOrder(names: [], client: "a"), CertificateOrder(names: order.names, client: "A B"),
            CertificateOrder(names: order.names, client: "a", authorityDays: 30, days: 31),
            CertificateOrder(names: order.names, client: "a", days: 0),
        ] {
            await #expect(throws: CredentialsError.self) {
                try await CertificateFolder(path: scratch["certs"]).issue(bad, now: .now)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    }

    @Test func aFileInTheWayIsNamed() async throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "certs")
        let error = try await #require(throws: CredentialsError.self) {
            try await CertificateFolder(path: scratch["certs"]).issue(order, now: .now)
        }
        #expect(error.problem == .unwritable)
        #expect(error.path?.hasPrefix(scratch["certs"]) == true)
    }

    @Test func whatTheSystemSaysIsTold() async throws {
        let error = try await #require(throws: CredentialsError.self) {
            try await CertificateFolder(path: "/proc/certs").issue(order, now: .now)
        }
        #expect(error.problem == .unwritable)
        #expect(error.sentence.contains("/proc"))
        #expect(!error.hint.isEmpty)
    }

    @Test func ordersSurviveJSON() throws {
        let data = try JSONEncoder().encode(order)
        #expect(try JSONDecoder().decode(CertificateOrder.self, from: data) == order)
    }
}

extension CertificateFile {
    /// All files that are issued into an empty folder.
    fileprivate static let issued = allCases.filter { ![.formerCertificate, .formerKey].contains($0) }
}

/// The listed contents of a folder, all of which are removed.
@Suite struct FolderContentsTests {
    private let own = [
        "authority/ca.pem", "authority/former/key.pem", "authority/issued/0a1b.pem", "daemon/cert.pem",
        "client/key.pem", "inner/ca.pem", "clients/ada/key.pem", "clients/.eve.issuing/cert.pem",
        "renewal/renewal.json", "renewal/authority/key.pem", "renewal/client/key.pem",
        "renewal/clients/ada/cert.pem",
    ]
    private let others = ["clients/ada/notes", "clients/Not A Name/key.pem", "renewal/notes"]

    private func folder(_ files: [String]) throws -> (Scratch, CertificateFolder) {
        let scratch = try Scratch()
        for file in files { try scratch.write("x", to: "certs/\(file)") }
        return (scratch, CertificateFolder(path: scratch["certs"]))
    }

    @Test func namedClientsRenewalsAndRecordsAreKnown() throws {
        let (scratch, folder) = try folder(own + others)
        defer { withExtendedLifetime(scratch) {} }
        #expect(
            try Set(folder.authorityFiles()) == Set(own.filter { $0.hasPrefix("authority/") }))
        #expect(
            try Set(folder.certificateFiles()) == Set(own.filter { !$0.hasPrefix("authority/") }))
    }

    @Test func allOfItGoesAndNothingElse() throws {
        let (scratch, folder) = try folder(own + others)
        try folder.remove(folder.certificateFiles())
        #expect(try Set(folder.certificateFiles()) == [])
        #expect(try folder.authorityFiles().count == 3)
        try folder.remove(folder.authorityFiles())
        let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
            !folder.path.isEmpty && others.contains { $0 == path }
        }
        #expect(left.sorted() == others.sorted())
        withExtendedLifetime(scratch) {}
    }

    @Test func aFolderWithNothingElseGoesToo() throws {
        let (scratch, folder) = try folder(own)
        try folder.remove(folder.certificateFiles() + folder.authorityFiles())
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        withExtendedLifetime(scratch) {}
    }

    @Test func nothingOutsideIsTouched() throws {
        let (scratch, folder) = try folder(own)
        try scratch.write("x", to: "precious")
        for path in ["../precious", "/etc/passwd", "client/../../precious"] {
            #expect(throws: CredentialsError.self) { try folder.remove([path]) }
        }
        #expect(FileManager.default.fileExists(atPath: scratch["precious"]))
    }
}
