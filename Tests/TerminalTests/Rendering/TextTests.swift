import Terminal
import Testing

struct TextTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("配置", 4), ("e\u{301}", 1), ("ｱ", 1), ("✓✗●○…─│›", 8), ("한", 2), ("é", 1),
        ("😀", 2),
        ("\u{1B}", 1),
    ])
    func widthIsWhatATerminalGives(text: String, columns: Int) {
        #expect(Text.width(text) == columns)
    }

    @Test func cuttingLeavesAnEllipsis() {
        #expect(Text.cut("builder", to: 7) == "builder")
        #expect(Text.cut("builder", to: 6) == "build…")
        #expect(Text.cut("builder", to: 1) == "…")
        #expect(Text.cut("builder", to: 0) == "")
        #expect(Text.cut("配置配置", to: 6) == "配置…")
    }

    @Test func paddingGivesExactlyTheWidth() {
        #expect(Text.pad("配", to: 4) == "配  ")
        #expect(Text.pad("builder", to: 4) == "bui…")
        #expect(Text.width(Text.pad("配置配", to: 4)) == 4)
    }

    @Test func wrappingBreaksBetweenWords() {
        #expect(Text.wrap("a team gets its own builder", to: 11) == ["a team gets", "its own", "builder"])
    }

    @Test func wrappingBreaksAWordThatIsLongerThanARow() {
        #expect(Text.wrap("see 0123456789abc now", to: 6) == ["see", "012345", "6789ab", "c now"])
        #expect(Text.wrap("配置配", to: 5) == ["配置", "配"])
    }

    @Test func wrappingBreaksAPathAfterASlash() {
        #expect(Text.wrap("/home/ann/certs/client", to: 14) == ["/home/ann/", "certs/client"])
        #expect(Text.wrap("/0123456789", to: 8) == ["/0123456", "789"])
    }

    @Test func wrappingKeepsLineEndsAndIndentation() {
        #expect(Text.wrap("one\n\n  two three\n", to: 7) == ["one", "", "  two", "  three", ""])
    }

    @Test func onlySpacesChangeInALineThatFits() {
        for line in ["", "buildkit-builder 0/1", "  indented line", "配置 ready"] {
            #expect(Text.wrap(line, to: 20) == [line])
        }
        #expect(Text.wrap("two  spaces", to: 20) == ["two spaces"])
        #expect(Text.wrap("at the end ", to: 20) == ["at the end"])
        #expect(Text.wrap("   ", to: 20) == [""])
        #expect(Text.wrap("        deep", to: 12) == ["      deep"])
    }

    @Test func wrappingEndsInAnyWidth() {
        for columns in 0...4 {
            let rows = Text.wrap("  配 word", to: columns)
            #expect(rows.joined().filter { $0 != " " } == (columns == 0 ? "" : "配word"))
        }
    }

    @Test(arguments: [
        ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("a\tb", "a       b"), ("\u{1B}]0;title\u{7}x", "x"),
        ("\u{1B}]8;;u\u{1B}\\link", "link"), ("a\u{202E}b", "a\u{FFFD}b"), ("100%\r", "100%"),
        ("a\u{1B}", "a"),
    ])
    func outputOfToolsBecomesPlain(line: String, plain: String) {
        #expect(Text.printable(line) == plain)
    }
}
