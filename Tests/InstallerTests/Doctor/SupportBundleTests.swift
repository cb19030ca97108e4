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
                "\(file) holds this, with what may be secret taken out:", "  one.txt    4 bytes",
                "  two.txt    320000 bytes", "  empty.txt  0 bytes",
                "Look at it before you pass it on: tar -xf \(file)",
            ])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(
            throws: InstallerError(
                "\(file) is there already", hint: "Name another file.", code: .outputUnwritable)
        ) {
            try bundle.write(to: file)
        }
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

/// Answers every command with the same.
private struct EveryCommand: CommandRunner {
    let output: String

    func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult { CommandResult(output: output) }
}
