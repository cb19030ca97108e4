import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a screen is not usable: plain questions, or only flags.
@Suite struct PlainTests {
    /// Terminals without a screen, and users of a screen reader.
    static let plain: [[String: String?]] = [
        ["TERM": "dumb"], ["TERM": nil], ["TERM": ""], ["TERM": "nosuchterm"], ["ACCESSIBLE": "1"],
    ]

    @Test(arguments: plain) func theWizardAsksLineByLine(environment: [String: String?]) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open(environment: environment)
            try await terminal.wait(for: "Number:")
            try await terminal.type("1\n")
            let shot = try await terminal.wait(for: "Context [the current context]:")
            #expect(!shot.isAlternateScreen)
            try await terminal.press(.control("d"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.screenshot.text.contains("No changes were made."))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func plainQuestionsLeadToTheEndOfARehearsal() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open(
                "install", "--dry-run", environment: ["TERM": "dumb"], columns: 120, rows: 250)
            try await terminal.answerAll()
            try await terminal.wait(for: "yes to start the dry run, save to save the settings, no to quit:")
            try await terminal.type("yes\n")
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
            let text = await terminal.screenshot.text
            #expect(text.contains("Namespace [buildkit]:"))
            #expect(text.contains("Dry run: no changes were made."))
        }
    }

    /// The wizards by their numbers on the start page: install, rotate, add, renew and revoke a client, sleep, wake,
    /// uninstall.
    @Test(arguments: [1, 2, 4, 5, 6, 7, 8, 11]) func everyWizardIsWalkedLineByLine(number: Int) async throws {
        try await withBareLaptop { laptop in
            // Only what is scaled to zero is woken.
            try StandInCluster(pods: number == 8 ? 0 : 1).serve(laptop)
            let settings: [String: String?] = [
                "TERM": "dumb", "BUILDKIT_INSTALLER_NAME": "alice", "BUILDKIT_INSTALLER_FORCE": "yes",
            ]
            let terminal = try laptop.open("start", "--dry-run", environment: settings, rows: 250)
            try await terminal.rehearse(number)
            #expect(try await terminal.waitForEnd() == .exited(0))
            let text = await terminal.screenshot.text
            #expect(text.contains("\nDry run: no changes were made.\n"), "\(text)")
            #expect(await terminal.leftovers() == [])
        }
    }

    /// A command that only asks for confirmation: "yes" is typed too easily.
    @Test func inProductionACommandAsksForTheReleasesName() async throws {
        try await Cluster.withLaptop { cluster in
            let answers = ["--namespace", cluster.namespace, "--verify", "no"]
            try await cluster.laptop.installer.require(["install", "--yes", "--cache", "none"] + answers)
            try await cluster.laptop.installer.require(["client", "add", "alice", "--yes"] + answers)
            for (answer, status) in [("yes", 130), ("buildkit", 0)] as [(String, Int32)] {
                let terminal = try cluster.laptop.open(
                    "client", "revoke", "alice", "--namespace", cluster.namespace, "--verify", "no",
                    environment: ["BUILDKIT_INSTALLER_PRODUCTION": "test"])
                try await terminal.wait(for: "looks like production. To revoke a client, type")
                try await terminal.type("\(answer)\n")
                #expect(try await terminal.waitForEnd() == .exited(status), "\(answer)")
            }
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
            // `script` records every byte that the program writes.
            let recorder = Program(
                "/usr/bin/script", environment: laptop.installer.environment.merging(["TERM": "dumb"]) { $1 })
            let outcome = try await recorder.run(
                "--quiet", "--return", "--command", "\(laptop.installer.path) install --dry-run",
                "\(folder)/typescript",
                input: "\u{4}")
            #expect(outcome.output.contains("No changes were made."))
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
    /// Chooses a wizard on the start page, keeps the context, and starts what is proposed.
    fileprivate func rehearse(_ number: Int) throws {
        try wait(for: "the start page") { $0.isAsking("Number:") }
        try type("\(number)\n")
        let shot = try wait(for: "the wizard") { $0.isAsking("Context [") || $0.isAsking("1 Dry run ") }
        if shot.isAsking("Context [") {
            try type("\n")
            try wait(for: "the proposal") { $0.isAsking("1 Dry run ") }
        }
        try type("1\n")
    }

    /// Customizes, and accepts the value in brackets for every question.
    fileprivate func answerAll() throws {
        var asked = 0
        while true {
            let seen = asked
            let shot = try wait(for: "another question") { shot in
                shot.isAsking && shot.cursor.row > seen
            }
            let question = shot.text(row: shot.cursor.row)
            guard !question.hasPrefix("yes to ") else { return }
            asked = shot.cursor.row
            try type(question.contains("2 Customize") ? "2\n" : "\n")
        }
    }
}

extension Screenshot {
    /// Whether the program waits for an answer.
    fileprivate var isAsking: Bool {
        text(row: cursor.row).hasSuffix(":") && cursor.column == text(row: cursor.row).count + 1
    }

    /// Whether it waits for the answer to a question that begins so.
    fileprivate func isAsking(_ question: String) -> Bool {
        isAsking && text(row: cursor.row).hasPrefix(question)
    }
}
