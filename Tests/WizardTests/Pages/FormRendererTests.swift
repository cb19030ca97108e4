import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The rows of a form.
@Suite struct FormRendererTests {
    private func page(columns: Int, rows: Int) -> Stage {
        var stage = Stage(columns: columns, rows: rows)
        stage.go(to: .form("builder"))
        return stage
    }

    private func options(of stage: Stage) -> [Substring] {
        stage.text.split(separator: "\n").filter { $0.contains("○") || $0.contains("●") }
    }

    @Test func theTextsOfOptionsAreWholeWhereThereAreRowsForThem() {
        for (columns, rows) in [(100, 30), (140, 45)] {
            let shown = options(of: page(columns: columns, rows: rows))
            #expect(shown.count == 4)
            #expect(shown.allSatisfy { !$0.contains("…") }, "\(shown.joined(separator: "\n"))")
        }
        // The help below the form has the whole text of the option under the cursor.
        #expect(options(of: page(columns: 60, rows: 18)).contains { $0.contains("…") })
    }

    @Test func aClickOnAnyRowOfAnOptionChoosesIt() {
        var stage = page(columns: 140, rows: 45)
        stage.click("clusters")
        #expect(stage.answers.security == .rootless)
    }
}
