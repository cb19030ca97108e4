import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a screen would be no use: plain questions, or flags alone.
@Suite struct PlainTests {
    /// Terminals that show lines, and people who listen to one.
    static let plain: [[String: String?]] = [
        ["TERM": "dumb"], ["TERM": nil], ["TERM": ""], ["TERM": "nosuchterm"], ["ACCESSIBLE": "1"],
    ]

    @Test(arguments: plain) func theWizardAsksLineByLine(environment: [String: String?]) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open(environment: environment)
            let shot = try await terminal.wait(for: "Context [the current context]:")
            #expect(!shot.isAlternateScreen)
            try await terminal.press(.control("d"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.screenshot.text.contains("Nothing was changed."))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func plainQuestionsLeadToTheEndOfARehearsal() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open(
                "install", "--dry-run", environment: ["TERM": "dumb"], columns: 80, rows: 250)
            try await terminal.answerAll()
            try await terminal.wait(for: "yes to rehearse, save to save the answers, no to leave:")
            try await terminal.type("yes\n")
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
            let text = await terminal.screenshot.text
            #expect(text.contains("Namespace [buildkit]:"))
            #expect(text.contains("Dry run: no changes were made."))
        }
    }

    @Test func controlCAtAPlainQuestionLeaves() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", environment: ["TERM": "dumb"])
            try await terminal.wait(for: "Context [the current context]:")
            try await terminal.press(.control("c"))
            let ending = try await terminal.waitForEnd()
            #expect([.killed(signal: SIGINT), .exited(130)].contains(ending))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func noBytesButTextReachADumbTerminal() async throws {
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(in: folder, tools: [])
            // `script` keeps every byte that the program writes.
            let recorder = Program(
                "/usr/bin/script", environment: laptop.installer.environment.merging(["TERM": "dumb"]) { $1 })
            let outcome = try await recorder.run(
                "--quiet", "--return", "--command", "\(laptop.installer.path) install --dry-run",
                "\(folder)/typescript",
                input: "\u{4}")
            #expect(outcome.output.contains("Nothing was changed."))
            #expect(outcome.output.utf8.allSatisfy { $0 >= 0x20 || [0x0A, 0x0D, 0x08].contains($0) })
        }
    }

    @Test func withoutATerminalAnInstallAsksForAYes() async throws {
        try await withBareLaptop { laptop in
            let outcome = try await laptop.installer.run("install")
            #expect(outcome.status != 0)
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }
    }

    @Test func withoutATerminalAndAVerbThereIsHelp() async throws {
        try await withBareLaptop { laptop in
            let outcome = try await laptop.installer.run()
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("USAGE\n  buildkit-installer"))
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }
    }
}

extension PseudoTerminal {
    /// Takes what stands in brackets, at every question.
    fileprivate func answerAll() throws {
        var asked = 0
        while true {
            let seen = asked
            let shot = try wait(for: "another question") { shot in
                shot.isAsking && shot.cursor.row > seen
            }
            guard !shot.text(row: shot.cursor.row).hasPrefix("yes to ") else { return }
            asked = shot.cursor.row
            try type("\n")
        }
    }
}

extension Screenshot {
    /// Whether the program waits behind a question.
    fileprivate var isAsking: Bool {
        text(row: cursor.row).hasSuffix(":") && cursor.column == text(row: cursor.row).count + 1
    }
}
