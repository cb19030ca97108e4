import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The help of the focused field.
@Suite struct FieldHelpTests {
    private func page(_ form: String, columns: Int = 140, rows: Int = 45) -> Stage {
        var stage = Stage(columns: columns, rows: rows)
        stage.go(to: .form(form))
        return stage
    }

    @Test func thePaneNamesTheExampleOnceAndAlignsItsProperties() {
        let text = page("release").text
        for row in [
            "│ Example   buildkit\n", "│ Flag      --namespace\n",
            "│ Variable  BUILDKIT_INSTALLER_NAMESPACE\n",
        ] { #expect(text.contains(row), "\(row)\n\(text)") }
        #expect(!text.contains("For example"))
    }

    @Test func theOptionsOfAChoiceNeedNoExample() {
        let text = page("address").text
        #expect(text.contains("│ Flag      --exposure\n"))
        #expect(!text.contains("Example"))
    }

    /// It can be selected whole.
    @Test func aVariableThatDoesNotFitBesideItsLabelIsBelowIt() {
        let rows = page("certificates").text.split(separator: "\n")
        #expect(rows.contains { $0.hasSuffix("│ Variable") })
        #expect(rows.contains { $0.hasSuffix("│   BUILDKIT_INSTALLER_CERTIFICATES") })
    }

    @Test func theReasonOfASuggestionIsThereWhereItFits() {
        var wide = page("address")
        wide.press(.tab, .tab)
        #expect(wide.text.contains("│ Ctrl-P inserts localhost, and 4 more\n"))
        var small = page("address", columns: 80, rows: 24)
        small.press(.tab, .tab)
        #expect(
            small.text.contains("Ctrl-P inserts localhost (local end of the port-forward), and 4 more"))
    }

    @Test func theHelpOverThePageHasTheSame() {
        var stage = page("release", columns: 80, rows: 40)
        #expect(stage.text.contains("For example: buildkit"))
        stage.press(.function(1))
        #expect(stage.text.contains("Variable  BUILDKIT_INSTALLER_NAMESPACE"))
    }
}
