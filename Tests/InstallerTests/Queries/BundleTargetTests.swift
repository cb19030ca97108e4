import FoundationEssentials
@testable import Installer
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The path of a client bundle: what is there already, and where no file may or can be created.
@Suite struct BundleTargetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func failure(_ name: String) -> InstallerError? {
        BundleTarget(path: "\(folder.path)/\(name)", outside: "\(folder.path)/certs").trouble()
    }

    private func trouble(_ name: String) -> String? {
        failure(name)?.message.replacing("\(folder.path)/", with: "")
    }

    @Test(arguments: ["bob", "bob.tar", "bob.tgz", "new/bob"]) func aFreePathIsUsed(_ name: String) {
        #expect(trouble(name) == nil)
    }

    @Test(arguments: ["bob.tar", "bob.tar.gz"]) func onlyABundleOfBeforeIsReplaced(_ name: String) throws {
        let files = Dictionary(uniqueKeysWithValues: ClientBundle.files.map { ($0, Data("text".utf8)) })
        let place = "\(folder.path)/\(name)"
        for (files, isBundle) in [(files, true), (["notes.txt": Data("text".utf8)], false), ([:], false)] {
            let archive = TarArchive(folder: "bob", files: files, at: .now)
            try PrivateFile.write(archive.bytes(for: name), to: place)
            #expect(trouble(name) == (isBundle ? nil : "\(name) exists and is not a client bundle"))
        }
        for text in ["precious", String(repeating: "a", count: 2048)] {
            try folder.write(text, to: name)
            #expect(trouble(name) == "\(name) exists and is not a client bundle")
        }
        try folder.write("", to: name)
        #expect(trouble(name) == nil)
    }

    @Test func aFolderOfOthersIsLeft() throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/bob", withIntermediateDirectories: false)
        #expect(trouble("bob") == nil)
        try folder.write("precious", to: "bob/notes.txt")
        #expect(trouble("bob") == "bob is not empty, and is not a client bundle")
        try folder.write("text", to: "bob/create-builder.sh")
        #expect(trouble("bob") == nil)
    }

    @Test func whatIsNeitherAFileNorAFolderIsLeft() throws {
        try folder.write("precious", to: "notes.txt")
        try folder.write("precious", to: "folder.tar/notes.txt")
        for name in ["pipe", "pipe.tar"] { #expect(mkfifo("\(folder.path)/\(name)", 0o600) == 0) }
        let suffix = "is not a directory, and its name does not end in .tar or .tar.gz"
        #expect(trouble("notes.txt") == "notes.txt \(suffix)")
        #expect(trouble("pipe") == "pipe \(suffix)")
        #expect(trouble("pipe.tar") == "pipe.tar is not a regular file")
        #expect(trouble("folder.tar") == "folder.tar is not a regular file")
        #expect(BundleTarget(path: "/dev/null", outside: "/certs").trouble() != nil)
    }

    /// It could be taken for a client.
    @Test func nothingIsWrittenAmongTheCertificates() throws {
        try folder.write("precious", to: "certs/clients/bob/key.pem")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/certs/clients")
        for name in [
            "certs", "certs/x.tar", "certs/clients/x.tar", "certs/clients/bob", "certs/new/x", "link/x.tar",
            "certs/../certs/x.tar",
        ] {
            #expect(trouble(name) == "\(name) is in the certificate directory certs")
        }
        #expect(failure("certs/x y.tar")?.hint == "Choose a path outside it: --bundle ~/'x y.tar'")
        #expect(trouble("certs.tar") == nil)
    }

    @Test func whereNoFileCanBeCreatedTheCauseIsNamed() throws {
        #expect(trouble("none/bob.tar") == "The directory none does not exist")
        #expect(failure("none/bob.tar")?.hint == "Create it: mkdir -p \(folder.path)/none")
        // The folders above a bundle folder are created.
        #expect(trouble("none/other/bob") == nil)
        try folder.write("text", to: "notes.txt")
        // Not even root can use it.
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/loop", withDestinationPath: "\(folder.path)/loop")
        for name in ["notes.txt/bob.tar", "notes.txt/bob", "loop/bob.tar"] {
            let place = name.parentFolder
            #expect(trouble(name) == "No file can be created in \(place)")
            #expect(
                failure(name)?.hint
                    == "Check it, or choose another directory: ls -ld \(folder.path)/\(place)")
        }
        #expect(failure("notes.txt/bob.tar")?.detail == String(cString: strerror(ENOTDIR)))
    }

    @Test func beforeACertificateIsSignedItIsChecked() {
        var (facts, answers) = (Facts(), Answers())
        func word() -> String { Check.bundleTarget.verdict(facts, answers).word }
        #expect(word() == "skipped")
        answers.bundle = "/dev/null"
        #expect(word() == "pending")
        facts.bundleTrouble = .known(nil)
        #expect(word() == "ok")
        facts.bundleTrouble = .known(BundleTarget(path: "/dev/null", outside: "/certs").trouble())
        #expect(word() == "failed")
    }
}
