@testable import Terminal
import Testing

struct FrameTests {
    private func frame(_ columns: Int, _ rows: Int, _ draw: (inout Frame) -> Void) -> Frame {
        var frame = Frame(size: Size(columns: columns, rows: rows))
        draw(&frame)
        return frame
    }

    private let origin = Point(column: 0, row: 0)

    @Test func textIsTheRowsWithoutSpacesAtTheirEnds() {
        let frame = frame(10, 3) { $0.write("one  ", at: Point(column: 2, row: 1)) }
        #expect(frame.text == "\n  one\n")
    }

    @Test func textIsClippedAtTheEdgeAndAtTheLimit() {
        var frame = Frame(size: Size(columns: 6, rows: 2))
        #expect(frame.write("abcdef", at: Point(column: 3, row: 0)) == 3)
        #expect(frame.write("abcdef", at: Point(column: 0, row: 1), limit: 2) == 2)
        #expect(frame.text == "   abc\nab")
    }

    @Test func whatIsOutsideIsNotDrawn() {
        let frame = frame(3, 2) {
            $0.write("above", at: Point(column: 0, row: -1))
            $0.write("below", at: Point(column: 0, row: 2))
            $0.write("12345", at: Point(column: -2, row: 0))
        }
        #expect(frame.text == "345\n")
    }

    @Test func aWideCharacterTakesTwoColumnsOrNone() {
        let frame = frame(5, 2) {
            $0.write("a配b", at: origin)
            $0.write("abcd配", at: Point(column: 0, row: 1))
        }
        #expect(frame.text == "a配b\nabcd")
        #expect(frame[Point(column: 1, row: 0)] == Cell("配", width: 2))
        #expect(frame[Point(column: 2, row: 0)].width == 0)
    }

    @Test(arguments: [(0, "x 配"), (1, " x配"), (2, "配x"), (3, "配 x")])
    func halfOfAWideCharacterIsNeverLeft(column: Int, text: String) {
        let frame = frame(4, 1) {
            $0.write("配配", at: origin)
            $0.write("x", at: Point(column: column, row: 0))
        }
        #expect(frame.text == text)
    }

    @Test func combiningMarksStayWithTheirLetter() {
        let frame = frame(4, 1) { #expect($0.write("e\u{301}x", at: origin) == 2) }
        #expect(frame.text == "e\u{301}x")
    }

    @Test func rightToLeftTextIsLeftIntact() {
        let frame = frame(8, 1) { #expect($0.write("אבג xyz", at: origin) == 7) }
        #expect(frame.text == "אבג xyz")
    }

    @Test(arguments: ["\u{1B}", "\u{9B}", "\n", "\t", "\u{7}", "\u{202E}", "\u{2066}"])
    func controlsNeverReachTheScreen(control: String) {
        #expect(frame(4, 1) { $0.write("a\(control)b", at: origin) }.text == "a\u{FFFD}b")
    }

    @Test func aPartCannotBeDrawnBeyondItsAreaAndBringsItsCursor() {
        let frame = frame(8, 4) {
            $0.fill(Rect($0.size), style: .muted)
            $0.draw(in: Rect(column: 2, row: 1, columns: 3, rows: 2)) { part in
                part.write("abcdef", at: Point(column: 0, row: 1))
                part.cursor = Point(column: 1, row: 1)
            }
        }
        #expect(frame.text == "\n\n  abc\n")
        #expect(frame.cursor == Point(column: 3, row: 2))
        #expect(frame[Point(column: 2, row: 1)].style == .plain)
        #expect(frame[Point(column: 5, row: 2)].style == .muted)
    }

    @Test func aBoxHasATitle() {
        let frame = frame(14, 3) { $0.box(Rect($0.size), title: "Address") }
        #expect(frame.text == "┌─ Address ──┐\n│            │\n└────────────┘")
    }

    @Test func aTitleThatIsTooLongIsCut() {
        #expect(frame(12, 2) { $0.box(Rect($0.size), title: "Certificates") }.text(row: 0) == "┌─ Certi… ─┐")
    }

    @Test func aRuleGoesOverTheWholeWidth() {
        #expect(frame(5, 1) { $0.rule(row: 0) }.text == "─────")
        #expect(frame(5, 1) { $0.rule(row: 0, column: 1, columns: 2) }.text == " ──")
    }

    @Test func asciiKeepsTheLayout() {
        let frame = frame(12, 1) { $0.write("✓ 配é… │x", at: origin) }
        #expect(frame.rendered(with: .ascii).text == "+ ???. |x")
        #expect(frame.rendered(with: .console).text == "+ 配é. │x")
        #expect(frame.rendered(with: .unicode) == frame)
    }

    @Test func anotherSizeClipsAndLosesACursorOutside() {
        var frame = frame(6, 2) { $0.write("abc配d", at: origin) }
        frame.cursor = Point(column: 5, row: 1)
        let small = frame.resized(to: Size(columns: 4, rows: 1))
        #expect(small.text == "abc")
        #expect(small.cursor == nil)
        #expect(frame.resized(to: Size(columns: 8, rows: 3)).text == "abc配d\n\n")
    }

    @Test func framesOfNoSizeAreHarmless() {
        let frame = frame(0, -1) {
            $0.write("x", at: origin)
            $0.box(Rect($0.size))
            $0.rule(row: 0)
        }
        #expect(frame.text.isEmpty)
    }
}
