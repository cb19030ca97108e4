import Testing

@testable import Installer

struct LineSplitterTests {
    private func lines(_ pieces: String...) -> [String] {
        var splitter = LineSplitter()
        return pieces.flatMap { splitter.take($0.utf8) } + [splitter.finish()].compactMap { $0 }
    }

    @Test func aLineMayArriveInPieces() { #expect(lines("on", "e\ntw", "o\n") == ["one", "two"]) }
    @Test func theLastLineNeedsNoEnd() { #expect(lines("one\ntwo") == ["one", "two"]) }
    @Test func emptyLinesAreLines() { #expect(lines("\n\none\n") == ["", "", "one"]) }
    @Test func aCarriageReturnEndsALineOnce() {
        #expect(lines("10%\r20%\r", "\n30%\r\n") == ["10%", "20%", "30%"])
    }

    @Test func whatIsNotUTF8IsShownAsSuch() {
        var splitter = LineSplitter()
        #expect(splitter.take([0x61, 0xFF, 0x0A]) == ["a\u{FFFD}"])
    }

    @Test func anEndlessLineComesInPiecesThatCutNoCharacter() {
        let text = String(repeating: "ä", count: LineSplitter.limit)
        let pieces = lines("x" + text)
        #expect(pieces.count == 3)
        #expect(pieces.joined() == "x" + text)
        #expect(pieces.allSatisfy { $0.utf8.count <= LineSplitter.limit })
    }
}
