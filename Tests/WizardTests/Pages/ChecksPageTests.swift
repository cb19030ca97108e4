import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The checks with their verdicts.
@Suite struct ChecksPageTests {
    @Test func theFixOfTheSelectedCheckIsCopied() {
        var stage = Stage(columns: 100, rows: 30)
        stage.go(to: .checks)
        #expect(!stage.text.contains("y copy fix"))
        stage.look(Sample.poorFacts)
        #expect(stage.text.contains("y copy fix"))
        stage.press(.character("y"))
        guard case .copy(let fix) = stage.effects.last else {
            Issue.record("nothing is copied")
            return
        }
        // It is a command for an administrator, without the words before it.
        #expect(fix.hasPrefix("kubectl create namespace"))
        stage.send(.copied)
        #expect(stage.text.contains("Copied to the clipboard."))
        stage.press(.down)
        #expect(!stage.text.contains("Copied to the clipboard."))
    }
}
