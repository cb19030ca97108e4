import Terminal
import Testing

@testable import Installer
@testable import Wizard

@Suite struct RunLogTests {
    /// The last rows of a log with these lines at its end.
    private func rows(_ count: Int, of lines: [String], columns: Int) throws -> [String] {
        var stage = Stage()
        stage.runToChart()
        for line in lines { stage.send(.run(.printed(step: "release", line: OutputLine(line)))) }
        let log = RunLog(try #require(stage.walk.model.run), stage.walk.guide, columns: columns)
        return log.suffix(count).map { $0.spans.map(\.text).joined() }
    }

    @Test func aLineThatIsTooLongTakesSeveralRows() throws {
        #expect(try rows(3, of: ["one", "", "three four"], columns: 12) == ["  one", "  ", "  three four"])
        #expect(try rows(3, of: ["three fours", "five"], columns: 12) == ["  three", "  fours", "  five"])
        #expect(try rows(2, of: ["日本語日本"], columns: 10) == ["  日本語日", "  本"])
    }
}
