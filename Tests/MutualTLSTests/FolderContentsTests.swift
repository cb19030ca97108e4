import Foundation
import Testing

@testable import MutualTLS

/// What a folder is said to hold, and that all of it goes.
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
