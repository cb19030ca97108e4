import FoundationEssentials
import LabSupport
import Testing

/// External output never affects the terminal or fakes other lines.
@Suite(.timeLimit(.minutes(10)))
struct OutsideTextTests {
    /// A window title, the clipboard, a cleared screen, a C1 sequence, and right-to-left text.
    private static let evil =
        #"\033]0;T\007\033]52;c;cm0K\007\033[2J\302\23331mRED\342\200\256gnp\342\201\246x\r"#
    /// A line of this program.
    private static let forged = "BuildKit is installed."
    private static let tool =
        "printf 'Error from server: \(evil)\\n\(forged)\\n' >&2; printf '\(evil)'; exit 1"

    @Test(arguments: [
        ["install", "--yes"], ["install", "--dry-run"], ["install", "--dry-run", "--output", "json"],
        ["install", "--print-commands"], ["status"], ["status", "--output", "json"],
        ["doctor", "--no-build"],
        ["doctor", "--no-build", "--output", "json"], ["rotate", "--check"], ["client", "list"],
        ["client", "list", "--output", "json"], ["uninstall", "--yes"], ["sleep"], ["wake"],
        ["client", "add", "alice", "--yes", "--verbose"],
    ])
    func noVerbPassesOnWhatWouldAct(_ arguments: [String]) async throws {
        try await withTemporaryFolder { folder in
            let tools = ["kubectl": Self.tool, "helm": Self.tool, "docker": Self.tool]
            let outcome = try await Machine(in: folder, tools: tools).installer.run(arguments)
            #expect(!outcome.output.actsOnATerminal, "\(outcome.output.debugDescription)")
            #expect(!outcome.errors.actsOnATerminal, "\(outcome.errors.debugDescription)")
            // Where the tool's output is shown at all, it was escaped and not omitted.
            let told = outcome.output + outcome.errors
            #expect(told.contains("RED") || arguments.contains("--print-commands"))
            #expect(!told.split(separator: "\n").contains { $0.hasPrefix(Self.forged) }, "\(told)")
            guard arguments.contains("json") else { return }
            for line in outcome.output.split(separator: "\n") {
                #expect(throws: Never.self) {
                    _ = try JSONDecoder().decode([String: AnyJSON].self, from: Data(line.utf8))
                }
            }
        }
    }

    /// Any value: only its syntax is checked.
    private struct AnyJSON: Decodable { init(from decoder: any Decoder) {} }

    @Test func anAnswersFileAndTheEnvironmentAreShownTheSame() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.json"
            try Data(#"{"security": "x\u001b]52;c;cm0K\u0007\u009b31m\u202Ee", "foo\u001b[31m\n": 1}"#.utf8)
                .write(to: URL(filePath: path))
            let machine = try Machine(
                in: folder, tools: [:], environment: ["BUILDKIT_INSTALLER_EXPOSURE": "\u{1B}[2J\n"])
            for arguments in [["answers", "check", path], ["install", "--dry-run", "--answers", path]] {
                let outcome = try await machine.installer.run(arguments)
                #expect(outcome.status == 64)
                #expect(
                    !(outcome.output + outcome.errors).actsOnATerminal, "\(outcome.errors.debugDescription)")
            }
        }
    }
}
