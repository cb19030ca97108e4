import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The result of a run, or what failed.
@Suite struct SummaryPageTests {
    /// A run that failed for that reason.
    private func failed(_ failure: InstallerError) -> Stage {
        var stage = Stage()
        stage.begin()
        stage.send(.run(.started(step: "release", at: stage.time)))
        stage.send(.run(.failed(step: "release", failure: failure, at: stage.time)))
        stage.end()
        return stage
    }

    @Test func theFixComesBeforeTheToolsWordsAndTheirExplanation() throws {
        var stage = Stage()
        stage.runToFailure()
        let text = stage.text
        let parts = [
            "cannot be pulled.", "Fix   Choose an image with --image", "Error output", "ErrImagePull",
            "More  docs/troubleshooting.md#ImagePullBackOff", "Changes rolled back.",
        ]
        let places = try parts.map { part in try #require(text.firstRange(of: part)).lowerBound }
        #expect(places == places.sorted())
    }

    @Test func aFixWithoutACommandLeavesTheNextOneToCopy() {
        var stage = Stage()
        stage.runToFailure()
        stage.press(.character("y"))
        #expect(stage.effects.last == stage.walk.model.summary?.next.last.map { Effect.copy($0.command) })
    }

    @Test func theCommandOfTheFixIsCopied() {
        let command = "kubectl label namespace buildkit pod-security.kubernetes.io/enforce=privileged"
        let failure = InstallerError(
            "The namespace refuses the pods", hint: "Allow them: \(command)", code: .forbidden)
        var stage = failed(failure)
        #expect(stage.text.contains("Fix   Allow them:"))
        #expect(stage.text.contains("\n          kubectl label namespace"))
        #expect(stage.text.contains("y copy fix"))
        stage.press(.character("y"))
        #expect(stage.effects.last == .copy(command))
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
    }

    /// Such a message has no place in the documents.
    @Test func aMessageThatSaysAllHasNoReference() {
        let stage = failed(InstallerError("The step failed", detail: "exit 1"))
        #expect(stage.text.contains("exit 1"))
        #expect(!stage.text.contains("More  "))
    }
}
