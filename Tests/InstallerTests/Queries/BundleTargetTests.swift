import FoundationEssentials
@testable import Installer
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The path of a client bundle, where something is there already.
@Suite struct BundleTargetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func trouble(_ name: String) -> String? {
        BundleTarget(path: "\(folder.path)/\(name)").trouble()?.message.replacing("\(folder.path)/", with: "")
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
        #expect(BundleTarget(path: "/dev/null").trouble() != nil)
    }

    @Test func beforeACertificateIsSignedItIsChecked() {
        var (facts, answers) = (Facts(), Answers())
        func word() -> String { Check.bundleTarget.verdict(facts, answers).word }
        #expect(word() == "skipped")
        answers.bundle = "/dev/null"
        #expect(word() == "pending")
        facts.bundleTrouble = .known(nil)
        #expect(word() == "ok")
        facts.bundleTrouble = .known(BundleTarget(path: "/dev/null").trouble())
        #expect(word() == "failed")
    }
}
