import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The review in a wide window.
@Suite struct ReviewPageTests {
    @Test func theCommandLineIsBesideThePlanAndThePlanBesideTheRest() {
        var stage = Stage(columns: 140, rows: 45)
        stage.go(to: .review)
        #expect(stage.text.contains("Equivalent command line"))
        stage.press(.character("v"))
        #expect(!stage.text.contains("Equivalent command line"))
        #expect(stage.text.contains("│ Plan"))
        #expect(stage.text.contains("1  Create the namespace buildkit"))
    }

    @Test func withoutTheNameOfTheClientThereIsNoPlan() {
        var stage = Stage(columns: 140, rows: 45, facts: Sample.rotationFacts)
        stage.manage("a", at: "client")
        stage.press(.control("n"))
        stage.look(Sample.rotationFacts)
        #expect(stage.walk.place == .proposal)
        #expect(stage.text.contains("A client name is required."))
        stage.press(.character("p"))
        #expect(stage.walk.place == .review)
        #expect(!stage.text.contains("Issue a certificate for"), "\(stage.text)")
        stage.press(.character("c"), .character("y"))
        #expect(stage.copied?.hasPrefix("buildkit-installer client add") == true)
    }

    /// Why there is no plan is said once.
    @Test func withoutAPlanOnlyTheCommandLineIsBesideTheReason() {
        var stage = Stage(columns: 140, rows: 45, isRehearsal: true, facts: Sample.bareFacts)
        for _ in 0..<8 { stage.proceed() }
        stage.look(Sample.bareFacts)
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("Equivalent command line"))
        #expect(stage.text.ranges(of: "Cannot create a plan").count == 1)
    }
}
