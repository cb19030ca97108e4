import Foundation
import LabSupport
import PseudoTerminal
import Testing

/// What a user types and clicks in a real terminal, as events of a real program.
struct CursesInputTests {
    // MARK: Keys

    @Test(arguments: ["xterm-256color", "screen-256color", "linux", "vt100"])
    func keysArriveAsWhatTheyAre(type: String) async throws {
        let terminal = try demo(["TERM": type])
        try await frame(1, of: terminal)
        let keys: [(PseudoTerminal.Key, String)] = [
            (.up, "up"), (.down, "down"), (.left, "left"), (.right, "right"), (.home, "home"), (.end, "end"),
            (.pageUp, "pageUp"), (.pageDown, "pageDown"), (.tab, "tab"), (.backTab, "backTab"),
            (.backspace, "backspace"), (.delete, "delete"), (.escape, "escape"),
            (.function(1), "function(1)"),
            (.function(5), "function(5)"), (.function(12), "function(12)"), (.wordLeft, "wordLeft"),
            (.wordRight, "wordRight"), (.control("a"), "control(\"a\")"), (.control("q"), "control(\"q\")"),
            (.control("_"), "control(\"_\")"),
        ]
        for (number, (key, name)) in keys.enumerated() {
            try await terminal.press(key)
            let shot = try await frame(number + 2, of: terminal)
            #expect(shot.text(row: number < 3 ? 12 + number : 14).hasSuffix(".\(name))"), "\(key)")
        }
    }

    @Test func textIsEditedWithWideAndCombiningCharacters() async throws {
        let terminal = try demo()
        try await terminal.wait(for: "end of frame")
        try await terminal.type("a配e\u{301}")
        let shot = try await frame(5, of: terminal)
        #expect(shot.text(row: 8).hasPrefix(" │a配e\u{301} "))
        #expect(shot.cursor == (6, 8))
        try await terminal.press(.backspace, .backspace)
        #expect(try await frame(7, of: terminal).cursor == (3, 8))
    }

    @Test func aCharacterWhoseBytesComeOneByOneIsOne() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.sendOneByOne(Array("配".utf8))
        #expect(try await frame(2, of: terminal).text.contains("character(\"配\")"))
    }

    @Test func aKeyWhoseBytesComeOneByOneIsOne() async throws {
        // ESCDELAY is curses' own variable for slow lines; longer than any wait of a test, so that no clock decides.
        let terminal = try demo(["ESCDELAY": "3600000"])
        try await frame(1, of: terminal)
        try await terminal.sendOneByOne(Array("\u{1B}[5~".utf8))
        #expect(try await frame(2, of: terminal).text.contains("key(Terminal.Key.pageUp)"))
    }

    @Test func altAndUnknownSequencesDoNotTypeAnything() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.send(Array("\u{1B}[99;7u\u{1B}x".utf8))
        let shot = try await frame(2, of: terminal)
        #expect(shot.text(row: 12).hasSuffix("alt(\"x\"))"))
        #expect(shot.text(row: 8).dropFirst(2).dropLast().allSatisfy { $0 == " " })
    }

    @Test func pastedTextArrivesWholeAndItsLineEndsAreNotEnter() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.paste("one\ntwo 配")
        let shot = try await frame(2, of: terminal)
        #expect(shot.text(row: 12) == "  event: paste(\"one\\ntwo 配\")")
        #expect(shot.text(row: 8).hasPrefix(" │one two 配 "))
    }

    @Test func controlCIsAKey() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .exited(130))
        await expectAsBefore(terminal)
    }

    // MARK: Mouse and clipboard

    @Test(arguments: ["xterm-256color", "screen-256color"])
    func clicksAndTheWheelAreEvents(type: String) async throws {
        let terminal = try demo(["TERM": type, "TMUX": "socket"], columns: 140)
        try await frame(1, of: terminal)
        try await terminal.click(column: 7, row: 3)
        let click = "event: mouse(Terminal.MouseEvent(gesture: Terminal.MouseEvent.Gesture."
        let shot = try await frame(4, of: terminal)
        #expect(shot.text(row: 12).hasPrefix("  \(click)press, point"))
        #expect(shot.text(row: 14).hasPrefix("  \(click)release, point"))
        try await terminal.scrollUp(column: 7, row: 3)
        #expect(try await frame(5, of: terminal).text.contains("Gesture.scrollUp"))
        try await terminal.press(.enter)
        try await terminal.waitForEnd()
        await expectAsBefore(terminal)
    }

    @Test(arguments: ["linux", "vt100"])
    func aTerminalThatMayNotKnowTheMouseIsNotAskedForIt(type: String) async throws {
        let terminal = try demo(["TERM": type])
        try await frame(1, of: terminal)
        #expect(await terminal.leftovers().contains("the mouse is reported") == false)
        #expect(await terminal.hasWritten("\u{1B}[?1006") == false)
    }

    @Test func aReportWhoseBytesComeOneByOneIsOne() async throws {
        let terminal = try demo(["ESCDELAY": "3600000"], columns: 140)
        try await frame(1, of: terminal)
        try await terminal.sendOneByOne(Array("\u{1B}[<65;80;24M".utf8))
        #expect(
            try await frame(2, of: terminal).text.contains(
                "scrollDown, point: Terminal.Point(column: 79, row: 23)"))
    }

    @Test func aCopyIsSentToTheTerminal() async throws {
        let terminal = try demo()
        try await frame(1, of: terminal)
        try await terminal.click(column: 0, row: 0)
        #expect(try await frame(4, of: terminal).text.contains("event: copied true"))
        #expect(await terminal.hasWritten("\u{1B}]52;c;YSB3b3Jk\u{7}"))
    }

    @Test func aTerminalWithoutAClipboardGetsNothing() async throws {
        let terminal = try demo(["TERM": "screen-256color"])
        try await frame(1, of: terminal)
        try await terminal.click(column: 0, row: 0)
        #expect(try await frame(4, of: terminal).text.contains("event: copied false"))
        #expect(await terminal.hasWritten("\u{1B}]52") == false)
    }
}
