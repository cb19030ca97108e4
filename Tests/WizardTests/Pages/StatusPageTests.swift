import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The status of the installation.
@Suite struct StatusPageTests {
    private func page(columns: Int = 80, rows: Int = 24) -> Stage {
        var stage = Stage(columns: columns, rows: rows, facts: Sample.installedFacts)
        stage.press(.character("t"))
        stage.send(.status(Sample.status))
        return stage
    }

    /// A shell can do nothing with the words before it.
    @Test func theCommandOfTheFixIsCopied() {
        var stage = page()
        stage.press(.character("y"))
        #expect(
            stage.copied
                == "kubectl describe pod buildkit-builder-6d9f --namespace buildkit --context production")
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
    }

    @Test func scrollingIsOfferedWhereThereIsMore() {
        #expect(page().text.contains("↑↓ scroll"))
        #expect(!page(columns: 100, rows: 45).text.contains("↑↓ scroll"))
    }
}
