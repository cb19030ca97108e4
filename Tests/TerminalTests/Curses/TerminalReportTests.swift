import Testing

@testable import Terminal

struct TerminalReportTests {
    /// The last outcome.
    private func outcome(_ kind: TerminalReport.Kind, _ text: String) -> TerminalReport.Outcome {
        var report = TerminalReport(kind)
        return text.utf8.reduce(.incomplete) { _, byte in report.take(byte) }
    }

    private func mouse(_ text: String) -> MouseEvent? {
        if case .mouse(let event) = outcome(.control, text) { event } else { nil }
    }

    @Test(
        arguments: [
            ("<0;1;1M", .press), ("<0;1;1m", .release), ("<64;1;1M", .scrollUp), ("<65;1;1M", .scrollDown),
            ("<4;1;1M", .press), ("<8;1;1m", .release), ("<80;1;1M", .scrollUp),
        ] as [(String, MouseEvent.Gesture)])
    func theLeftButtonAndTheWheelAreEvents(text: String, gesture: MouseEvent.Gesture) {
        #expect(mouse(text) == MouseEvent(gesture: gesture, point: Point(column: 0, row: 0)))
    }

    @Test func thePointIsCountedFromZero() {
        #expect(mouse("<0;300;120M")?.point == Point(column: 299, row: 119))
    }

    @Test(arguments: [
        "<1;1;1M", "<2;1;1M", "<3;1;1M", "<32;1;1M", "<35;1;1M", "<66;1;1M", "<64;1;1m", "<128;1;1M",
        "<0;0;1M",
        "<0;1;0M", "<0;1M", "<0;1;1;1M", "<;;M", "<M", "M", "0;1;1M", "<-1;1;1M",
        "<0;99999999999999999999;1M",
        "<0;1;1~", "1;5D",
    ])
    func otherReportsAreIgnored(text: String) {
        #expect(outcome(.control, text) == .ignored)
    }

    @Test func anAnswerEndsInEitherWay() {
        #expect(outcome(.command, "11;rgb:ff/ff/ff\u{7}") == .background(RGB(0xFFFFFF)))
        #expect(outcome(.command, "11;rgb:ff/ff/ff\u{1B}\\") == .background(RGB(0xFFFFFF)))
        #expect(outcome(.command, "52;c;YQ==\u{7}") == .ignored)
        #expect(outcome(.command, "11;" + String(repeating: "f", count: 5000) + "\u{7}") == .ignored)
    }

    @Test func aByteThatDoesNotBelongToItEndsIt() {
        #expect(outcome(.control, "<0;1\r") == .broken(afterEscape: false))
        #expect(outcome(.command, "11;\r") == .broken(afterEscape: false))
        #expect(outcome(.command, "11;\u{1B}x") == .broken(afterEscape: true))
    }
}
