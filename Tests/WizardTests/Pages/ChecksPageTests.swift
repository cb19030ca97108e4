import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The checks with their verdicts.
@Suite struct ChecksPageTests {
    @Test func theFixOfTheSelectedCheckIsCopied() throws {
        var stage = Stage(columns: 100, rows: 30)
        stage.go(to: .checks)
        #expect(!stage.text.contains("y copy fix"))
        stage.look(Sample.poorFacts)
        #expect(stage.text.contains("y copy fix"))
        stage.press(.character("y"))
        let fix = try #require(stage.copied)
        // It is a command for an administrator, without the words before it.
        #expect(fix.hasPrefix("kubectl create namespace"))
        stage.send(.copied)
        #expect(stage.text.contains("Copied to the clipboard."))
        stage.press(.down)
        #expect(!stage.text.contains("Copied to the clipboard."))
    }

    /// The checks of a client come from several places.
    @Test func aCategoryHasOneHeading() {
        var stage = Stage(columns: 100, rows: 45, facts: Sample.rotationFacts)
        stage.manage("a", at: "client")
        stage.press(.escape, .character("c"))
        #expect(stage.walk.place == .checks)
        for heading in ["This machine", "The cluster", "The namespace"] {
            #expect(stage.text.ranges(of: heading).count == 1, "\(heading)\n\(stage.text)")
        }
    }

    @Test func theChecksAreFilteredByNameAndVerdict() {
        var stage = Stage(columns: 100, rows: 30)
        stage.go(to: .checks)
        stage.press(.character("/"))
        stage.type("secrets")
        #expect(stage.text.contains("› ✓ Secrets"))
        #expect(!stage.text.contains("The namespace"))
        // A digit is typed, and is no page.
        stage.type("2")
        #expect(stage.walk.place == .checks)
        #expect(stage.text.contains("/secrets2  no match"))
        stage.press(.backspace, .enter)
        #expect(stage.text.contains("The namespace"))
        #expect(stage.text.contains("› ✓ Secrets"))
        stage.look(Sample.poorFacts)
        stage.press(.character("/"))
        stage.type("failed")
        #expect(stage.text.contains("› ✗ "))
        #expect(!stage.text.contains("✓ Secrets"))
    }
}
