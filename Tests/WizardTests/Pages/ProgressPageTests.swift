import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The progress of a run.
@Suite struct ProgressPageTests {
    private func filled(_ stage: Stage) -> Int { stage.text.count { $0 == Glyphs.unicode.full } }

    @Test func afterAFailureTheChangesAreKeptOrRolledBack() {
        for (key, policy) in [(Key.character("u"), InterruptionPolicy.undo), (.character("k"), .keep)] {
            var stage = Stage()
            stage.runToQuestion()
            #expect(stage.text.contains("Roll back the changes, or keep them and resume later?"))
            stage.press(key)
            #expect(stage.effects.last == .decide(policy))
        }
    }

    @Test func theCommandOfTheStepIsCopiedAndInTheLogItsOutput() throws {
        var stage = Stage()
        stage.runToChart()
        #expect(stage.text.contains("y copy command"))
        stage.press(.character("y"))
        let command = try #require(stage.copied)
        #expect(command.hasPrefix("helm install buildkit "))
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
        stage.press(.character("l"))
        #expect(stage.text.contains("y copy log"))
        stage.press(.character("y"))
        let log = try #require(stage.copied)
        #expect(log.split(separator: "\n").count == 3)
        #expect(log.hasPrefix(#"Release "buildkit" does not exist."#))
    }

    /// As many as a busy tool prints in a second: the last ones are in sight, and keys do what they always do.
    @Test func tenThousandLinesAreFollowedInTheLog() {
        var stage = Stage()
        stage.runToChart()
        stage.press(.character("l"))
        for line in 1...10_000 {
            stage.send(.run(.printed(step: "release", line: OutputLine("line \(line)"))))
            if line % 1000 == 0 { #expect(stage.text.contains("line \(line)\n")) }
        }
        stage.press(.home)
        #expect(stage.text.contains("line 9001\n"))
        #expect(!stage.text.contains("line 9000\n"))
        stage.press(.control("c"))
        #expect(stage.text.contains("Stop now?"))
    }

    /// The executor rolls back without a question.
    @Test func whereNothingWasCreatedNothingIsAsked() {
        var stage = Stage()
        stage.runToChart()
        stage.send(.run(.failed(step: "release", failure: InstallerError("It failed"), at: stage.time)))
        #expect(!stage.text.contains("Roll back the changes"))
    }

    @Test func theBarFollowsTheClockOfALongStep() {
        var stage = Stage()
        stage.begin()
        for step in Sample.plan(stage.answers).steps.prefix(while: { $0.id != "release" }) {
            stage.send(.run(.started(step: step.id, at: stage.time)))
            stage.send(.run(.finished(step: step.id, at: stage.time)))
        }
        stage.send(.run(.started(step: "release", at: stage.time)))
        // More than half of the steps are done, and less than a quarter of the time.
        let start = filled(stage)
        #expect(start > 0 && start < 76 / 4)
        stage.pass(seconds: 15)
        let middle = filled(stage)
        #expect(middle > start + 76 / 4)
        stage.pass(seconds: 3600)
        let late = filled(stage)
        #expect(late > middle && late < 76)
        stage.pass(seconds: 3600)
        #expect(filled(stage) == late)
    }
}
