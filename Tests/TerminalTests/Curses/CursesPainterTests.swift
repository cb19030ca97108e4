import PseudoTerminal
import Testing

struct CursesPainterTests {
    @Test(arguments: ["xterm-256color", "screen-256color"])
    func stylesHaveTheirLookIn256Colours(type: String) async throws {
        let terminal = try demo(["TERM": type])
        let shot = try await frame(1, of: terminal)
        #expect(shot.cell(of: "<title>")?.isBold == true)
        #expect(shot.cell(of: "<title>")?.foreground == .index(75))
        #expect(shot.cell(of: "<muted>")?.foreground == .index(247))
        #expect(shot.cell(of: "<success>")?.foreground == .index(71))
        #expect(shot.cell(of: "<failure>")?.foreground == .index(203))
        #expect(shot.cell(of: "<danger>")?.foreground == .index(203))
        #expect(shot.cell(of: "<danger>")?.isReversed == true)
        #expect(shot.cell(of: "<focusedButton>")?.isReversed == true)
        #expect(shot.cell(of: "<selected>")?.isReversed == true)
        #expect(shot.cell(of: "<field>")?.isUnderlined == true)
        #expect(shot.cell(of: "<plain>")?.foreground == .standard)
        #expect(shot.cell(of: "<plain>")?.background == .standard)
        #expect(shot.text(row: 6) == "  ✓ 配 e\u{301} › ж")
        #expect(shot.text(row: 7) == " ┌─ Edit " + String(repeating: "─", count: 69) + "┐")
        #expect(shot.isAlternateScreen)
    }

    @Test(arguments: [["DEMO_THEME": "light"], ["COLORFGBG": "0;15"]])
    func aLightBackgroundGetsDarkInks(environment: [String: String]) async throws {
        let terminal = try demo(environment)
        let shot = try await frame(1, of: terminal)
        #expect(shot.cell(of: "<accent>")?.foreground == .index(25))
        #expect(shot.cell(of: "<plain>")?.background == .standard)
    }

    @Test(arguments: [("xterm-256color", 231, 16), ("linux", 7, 0)])
    func highContrastHasItsOwnBackground(type: String, text: Int, background: Int) async throws {
        let terminal = try demo(["TERM": type, "DEMO_THEME": "high-contrast"])
        let first = try await frame(1, of: terminal)
        try await terminal.press(.control("z"))
        for shot in [first, try await frame(2, of: terminal)] {
            // The right half of a wide character has no colour of its own.
            let cells = shot.rows.joined().filter { $0.width > 0 }
            #expect(cells.allSatisfy { $0.background == .index(background) })
            #expect(shot.cell(of: "<plain>")?.foreground == .index(text))
        }
        try await terminal.press(.enter)
        try await terminal.waitForEnd()
        #expect(await terminal.screenshot.rows.joined().allSatisfy { $0.background == .standard })
        await expectAsBefore(terminal)
    }

    @Test func eightColoursAreUsedWhereThereAreNoMore() async throws {
        let terminal = try demo(["TERM": "linux"])
        let shot = try await frame(1, of: terminal)
        #expect(shot.cell(of: "<failure>")?.foreground == .index(1))
        #expect(shot.cell(of: "<accent>")?.foreground == .index(6))
        #expect(shot.cell(of: "<muted>")?.foreground == .standard)
        // The console's font has lines, and few symbols.
        #expect(shot.text(row: 6) == "  + 配 e\u{301} > ж")
        #expect(shot.text(row: 7).hasPrefix(" ┌─ Edit ─"))
    }

    @Test(arguments: [
        ["TERM": "vt100"], ["TERM": "xterm-256color", "NO_COLOR": "1"], ["NO_COLOR": "yes"],
        ["NO_COLOR": "1", "DEMO_THEME": "high-contrast"],
    ])
    func withoutColoursTheStylesStillDiffer(environment: [String: String]) async throws {
        let terminal = try demo(environment)
        let shot = try await frame(1, of: terminal)
        #expect(shot.rows.joined().allSatisfy { $0.foreground == .standard && $0.background == .standard })
        #expect(shot.cell(of: "<title>")?.isBold == true)
        #expect(shot.cell(of: "<selected>")?.isReversed == true)
        #expect(shot.cell(of: "<field>")?.isUnderlined == true)
        #expect(shot.cell(of: "<danger>")?.isReversed == true)
        #expect(shot.cell(of: "<button>")?.isUnderlined == true)
    }

    @Test func anEmptyNoColorIsNone() async throws {
        let terminal = try demo(["NO_COLOR": ""])
        #expect(try await frame(1, of: terminal).cell(of: "<success>")?.foreground == .index(71))
    }
}
