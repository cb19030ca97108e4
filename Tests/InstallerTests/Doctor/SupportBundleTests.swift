import FoundationEssentials
@testable import Installer
import Testing

@Suite struct SupportBundleTests {
    @Test func tarReadsWhatIsWritten() async throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "a line of a log\n", count: 20_000)
        let bundle = SupportBundle(
            parts: [.init("one.txt", "one\n"), .init("two.txt", long), .init("empty.txt", "")],
            takenAt: TestClock.start)
        let file = "\(folder.path)/bundle.tar"
        let report = try bundle.write(to: file)
        #expect(
            report.lines == [
                "Contents of \(file), with anything that may be secret removed:", "  one.txt    4 bytes",
                "  two.txt    320000 bytes", "  empty.txt  0 bytes",
                "Review it before you share it: tar -xf \(file)",
            ])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(
            throws: InstallerError(
                "\(file) already exists", hint: "Choose another file.", code: .outputUnwritable)
        ) {
            try bundle.write(to: file)
        }
    }

    @Test(arguments: ["tar.gz", "tgz"]) func aNameMaySayThatItIsCompressed(_ ending: String) throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/bundle.\(ending)"
        let bundle = SupportBundle(parts: [.init("one.txt", "one\n")], takenAt: TestClock.start)
        _ = try bundle.write(to: file)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let archive = try Gzip.content(of: bytes, limit: 1 << 20)
        #expect(String(decoding: archive, as: UTF8.self).contains("buildkit-doctor/one.txt"))
    }

    @Test func whateverAToolPrintsNoKeyGetsIn() async throws {
        let folder = try TemporaryFolder()
        let body = String(repeating: "AbCdEfGhIjKlMnOpQrStUvWxYz012345", count: 2)
        let pem = "-----BEGIN PRIVATE KEY-----\n\(body)\nshort\n-----END PRIVATE KEY-----\n"
        let encoded = Data(pem.utf8).base64EncodedString()
        let runner = EveryCommand(output: "before\n\(pem)after\ntoken: \(encoded)\n")
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        let look = SupportBundleCollector(
            dependencies: .test(runner, home: folder.path), answers: answers, given: ["context", "namespace"])
        let bundle = await look.bundle()
        for part in bundle.parts {
            #expect(!part.text.contains(body), "\(part.name)")
            #expect(!part.text.contains(encoded), "\(part.name)")
            #expect(!part.text.contains("short"), "\(part.name)")
        }
        let logs = try #require(bundle.parts.first { $0.name == "logs.txt" })
        #expect(logs.text.contains("before\n"))
        #expect(logs.text.contains("(removed)after\n") || logs.text.contains("\nafter\n"))
    }
}

/// Gives the same answer to every command.
private struct EveryCommand: CommandRunner {
    let output: String

    func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult { CommandResult(output: output) }
}
