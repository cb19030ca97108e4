import Foundation
import LabSupport
import PseudoTerminal
import Testing

/// A real program in a real terminal; its screen is read through an emulator.
struct CursesScreenTests {
    // MARK: Drawing

    @Test(arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
    func aTerminalWithoutUnicodeGetsASCII(type: String) async throws {
        let terminal = try demo(["TERM": type, "LANG": "C"])
        let shot = try await frame(1, of: terminal)
        #expect(shot.text(row: 6) == "  + ?? ? > ?")
        #expect(shot.text(row: 7) == " +- Edit " + String(repeating: "-", count: 69) + "+")
        #expect(shot.text.allSatisfy { $0.isASCII })
    }

    @Test func aLocaleThatIsNotInstalledStillShowsUnicode() async throws {
        let terminal = try demo(["LANG": "tlh_KX.UTF-8"])
        #expect(try await frame(1, of: terminal).text(row: 6) == "  ✓ 配 e\u{301} › ж")
    }

    @Test func standardOutputMayBeAFile() async throws {
        let folder = try Folder()
        let terminal = try demo(output: folder.path("output"))
        try await frame(1, of: terminal)
        try await terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .exited(0))
        #expect(try folder.text("output") == "ended with 0\n")
        await expectAsBefore(terminal)
    }

    @Test func standardInputMayBeAFile() async throws {
        let terminal = try demo(input: "/dev/null")
        try await frame(1, of: terminal)
        try await terminal.type("x")
        #expect(try await frame(2, of: terminal).text(row: 8).hasPrefix(" │x "))
        try await terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .exited(0))
        await expectAsBefore(terminal)
    }

    @Test func manyMarksOnOneLetterDoNotSpoilTheRow() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.paste("e" + String(repeating: "\u{301}", count: 12) + "x")
        let shot = try await frame(2, of: terminal)
        #expect(shot.rows[8][3].text == "x")
        #expect(shot.rows[8][78].text == "│")
    }

    @Test func manyKeysAtOnceAreAllSeen() async throws {
        let terminal = try demo(columns: 200, rows: 60)
        try await terminal.type(String(repeating: "k", count: 100))
        let shot = try await frame(101, of: terminal)
        #expect(shot.rows[8][198].text == "│")
        #expect(shot.text(row: 8).hasPrefix(" │kkk"))
    }

    // MARK: Other events

    @Test(arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
    func aNewSizeIsDrawnAtOnce(type: String) async throws {
        let terminal = try demo(["TERM": type])
        try await frame(1, of: terminal)
        for (number, size) in [(60, 18), (132, 50), (80, 24)].enumerated() {
            await terminal.resize(columns: size.0, rows: size.1)
            let shot = try await terminal.wait(for: "the new size") { shot in
                shot.text(row: shot.rows.count - 1) == "  end of frame \(number + 2)"
            }
            #expect(shot.text(row: 0) == "  Demo \(size.0)x\(size.1)")
            #expect(shot.rows[7][size.0 - 2].text == "┐")
        }
    }

    @Test func aTaskWakesTheProgramWhileItWaitsForKeys() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("t"))
        #expect(try await frame(3, of: terminal).text.contains("event: woken"))
    }

    @Test func thePlainTerminalCanBeUsedInBetween() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("s"))
        let plain = try await terminal.wait(for: "plain: type a line")
        #expect(!plain.isAlternateScreen)
        try await terminal.type("hello\n")
        let shot = try await frame(3, of: terminal)
        #expect(shot.text.contains("event: read hello"))
        #expect(shot.isAlternateScreen)
        try await terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .exited(0))
        await expectAsBefore(terminal)
    }

    @Test func controlCInBetweenEndsTheProgramAsAnyOther() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("s"))
        try await terminal.wait(for: "plain: type a line")
        try await terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .killed(signal: SIGINT))
        await expectAsBefore(terminal)
    }

    @Test func aStrayMessageIsWipedByControlL() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.writeAsAnotherProgram("\u{1B}[4;1Hthe system goes down")
        try await terminal.wait(for: "the system goes down")
        try await terminal.press(.control("l"))
        let shot = try await frame(2, of: terminal)
        #expect(!shot.text.contains("the system goes down"))
        #expect(shot.text(row: 3).hasPrefix("  <success> "))
    }

    // MARK: Stopping

    /// Only a shell can continue a stopped program; without its editor it leaves the terminal alone.
    private func shell() throws -> PseudoTerminal {
        try PseudoTerminal(
            "/bin/bash", arguments: ["--norc", "--noprofile", "--noediting", "-i"],
            environment: ["PS1": "prompt> ", "DEMO": PseudoTerminal.product("terminal-demo")])
    }

    @Test func controlZStopsTheProgramUntilTheShellContinuesIt() async throws {
        let terminal = try shell()
        try await terminal.wait(for: "prompt>")
        try await terminal.type("\"$DEMO\"\n")
        try await frame(1, of: terminal)
        try await terminal.press(.control("z"))
        let stopped = try await terminal.wait(for: "Stopped")
        #expect(!stopped.isAlternateScreen)
        await expectAsBefore(terminal)

        await terminal.resize(columns: 100, rows: 30)
        try await terminal.type("fg\n")
        let shot = try await frame(2, of: terminal)
        #expect(shot.isAlternateScreen)
        #expect(shot.text(row: 0) == "  Demo 100x30")
        try await terminal.paste("two words")
        #expect(try await frame(3, of: terminal).text(row: 8).hasPrefix(" │two words "))
        try await terminal.click(column: 0, row: 0)
        try await frame(6, of: terminal)
        try await terminal.press(.enter)
        try await terminal.wait(for: "ended with 0")
        await expectAsBefore(terminal)
    }

    @Test(arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
    func controlZIsNothingWhereNobodyCouldContinueTheProgram(type: String) async throws {
        let terminal = try demo(["TERM": type])
        try await frame(1, of: terminal)
        try await terminal.press(.control("z"))
        let shot = try await frame(2, of: terminal)
        #expect(shot.text(row: 12) == "  event: resized(Terminal.Size(columns: 80, rows: 24))")
    }

    @Test func aProgramThatOthersStoppedDrawsItselfAnew() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        await terminal.signal(SIGSTOP)
        try await terminal.writeAsAnotherProgram("\u{1B}[?1000;2004l\u{1B}[4;1Hstopped by another")
        try await terminal.wait(for: "stopped by another")
        await terminal.signal(SIGCONT)
        #expect(try await !frame(2, of: terminal).text.contains("stopped by another"))
        try await terminal.paste("two\nlines")
        #expect(try await frame(3, of: terminal).text.contains(#"paste("two\nlines")"#))
    }

    // MARK: Background

    @Test func theAnswerAboutTheBackgroundChoosesTheThemeAndNoKeyIsLost() async throws {
        let terminal = try demo()
        let dark = try await frame(1, of: terminal)
        #expect(dark.cell(of: "<accent>")?.foreground == .index(75))
        #expect(await terminal.hasWritten("\u{1B}]11;?\u{7}"))
        try await terminal.send(Array("a\u{1B}]11;rgb:ffff/ffff/dddd\u{1B}\\b".utf8))
        let light = try await frame(4, of: terminal)
        #expect(light.cell(of: "<accent>")?.foreground == .index(25))
        #expect(light.text(row: 8).hasPrefix(" │ab "))
    }

    @Test func anAnswerThatConfirmsTheThemeIsNoEvent() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.send(Array("\u{1B}]11;rgb:0000/0000/0000\u{7}x".utf8))
        #expect(try await frame(2, of: terminal).text(row: 8).hasPrefix(" │x "))
    }

    @Test(arguments: [
        ["TERM": "linux"], ["DEMO_THEME": "dark"], ["NO_COLOR": "1"], ["TERM": "screen-256color"],
    ])
    func theBackgroundIsAskedForWhereItMatters(environment: [String: String]) async throws {
        let terminal = try demo(environment)
        try await frame(1, of: terminal)
        #expect(await terminal.hasWritten("\u{1B}]11") == false)
    }

    // MARK: Speed

    @Test func aTypedCharacterIsFewBytes() async throws {
        let terminal = try demo(columns: 132, rows: 50)
        try await frame(1, of: terminal)
        let before = await terminal.output.count
        try await terminal.type("x")
        try await frame(2, of: terminal)
        #expect(await terminal.output.count - before <= 300)
    }

    // MARK: Endings

    @Test(arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
    func theTerminalIsAsBeforeAfterTheEnd(type: String) async throws {
        let terminal = try demo(["TERM": type])
        try await frame(1, of: terminal)
        try await terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .exited(0))
        await expectAsBefore(terminal)
        // No part of the last frame is left, even without an alternate screen.
        #expect(await terminal.screenshot.text.split(separator: "\n") == ["ended with 0"])
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func signalsAreEventsAndTheTerminalIsAsBefore(signal: Int32) async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        await terminal.signal(signal)
        #expect(try await terminal.waitForEnd() == .exited(128 + signal))
        await expectAsBefore(terminal)
    }

    @Test func anExitWithoutClosingLeavesTheTerminalAsBefore() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("v"))
        #expect(try await terminal.waitForEnd() == .exited(7))
        await expectAsBefore(terminal)
    }

    @Test func aClosedWindowEndsTheProgram() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        await terminal.hangUp()
        let ending = try await terminal.waitForEnd()
        // The hang-up is both a signal and the end of input; either may be received first.
        #expect([.exited(128 + SIGHUP), .exited(1)].contains(ending))
    }

    @Test(arguments: ["xterm-256color", "linux"])
    func aFatalErrorLeavesTheTerminalAsBeforeAndItsWordsInTheLog(type: String) async throws {
        let folder = try Folder()
        let terminal = try demo(["TERM": type, "DEMO_LOG": folder.path("log")])
        try await frame(1, of: terminal)
        try await terminal.press(.control("x"))
        guard case .killed = try await terminal.waitForEnd() else { throw Unexpected("it did not crash") }
        await expectAsBefore(terminal)
        let words = await terminal.screenshot.text.split(separator: "\n").joined()
        #expect(words.contains("The program crashed. Crash report: \(folder.path("log"))"))
        #expect(try folder.text("log").contains("Fatal error: boom"))
        #expect(try folder.mode("log") == 0o600)
    }

    @Test func aSegmentationFaultLeavesTheTerminalAsBefore() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("y"))
        #expect(try await terminal.waitForEnd() == .killed(signal: SIGSEGV))
        await expectAsBefore(terminal)
    }

    // MARK: Refusals

    @Test(arguments: [
        ("dumb", "A terminal of type 'dumb' (TERM) does not support cursor positioning."),
        (
            "nosuchterm",
            "The terminal type 'nosuchterm' (TERM) is unknown on this machine. Try TERM=xterm-256color."
        ),
        ("", "TERM is not set: unknown terminal type."),
    ])
    func aTerminalThatCannotBeUsedIsRefusedWithTheReason(type: String, reason: String) async throws {
        let terminal = try demo(["TERM": type], columns: 120)
        #expect(try await terminal.waitForEnd() == .exited(3))
        #expect(await terminal.screenshot.text.split(separator: "\n") == ["refused: \(reason)"])
        await expectAsBefore(terminal)
    }

    @Test func withoutATerminalThereIsNoScreen() async throws {
        // A separate session has no controlling terminal.
        let demo = try await Program("/usr/bin/setsid", environment: ["TERM": "xterm-256color"])
            .run("--wait", PseudoTerminal.product("terminal-demo"))
        #expect(demo.status == 3)
        #expect(
            demo.output
                == "refused: No terminal: neither standard input and output nor /dev/tty is a terminal.\n")
    }

    @Test func aLogThatCannotBeWrittenIsARefusal() async throws {
        let terminal = try demo(["DEMO_LOG": "/dev/null/log"])
        #expect(try await terminal.waitForEnd() == .exited(3))
        #expect(await terminal.screenshot.text.contains("Cannot write the log /dev/null/log."))
        await expectAsBefore(terminal)
    }
}
