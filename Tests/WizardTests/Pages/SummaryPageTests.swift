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
            "See   docs/troubleshooting.md#ImagePullBackOff", "Changes rolled back.",
        ]
        let places = try parts.map { part in try #require(text.firstRange(of: part)).lowerBound }
        #expect(places == places.sorted())
    }

    /// An install that was stopped, and whose changes were kept.
    private func kept(columns: Int = 80, rows: Int = 24) -> Stage {
        var stage = Stage(columns: columns, rows: rows)
        stage.runUntilKept()
        return stage
    }

    @Test func keptChangesCanBeResumedOrTakenBack() {
        var stage = kept()
        #expect(stage.text.contains("Resume:"))
        #expect(stage.text.contains("Or remove the installation:"))
        // Both name the installation in the same form.
        #expect(
            stage.walk.model.summary?.next.map(\.command) == [
                "buildkit-installer install --context production --namespace buildkit --yes",
                "buildkit-installer uninstall --context production --namespace buildkit",
            ])
        stage.press(.character("u"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.walk.guide.verb == .uninstall)
        stage.press(.character("q"))
        guard case .finished(let summary) = stage.walk.outcome else {
            Issue.record("ended with \(String(describing: stage.walk.outcome))")
            return
        }
        #expect(summary.outcome == .interrupted)
    }

    @Test func whereNothingWasKeptNothingIsUninstalled() {
        var stage = Stage()
        stage.runToFailure()
        #expect(!stage.text.contains("u uninstall"))
        stage.press(.character("u"))
        #expect(stage.walk.place == .done)
    }

    @Test func aWideWindowShowsWhatBecameOfEachStep() {
        let text = kept(columns: 140, rows: 45).text
        #expect(text.contains("✓ Create the namespace buildkit (0:01)"))
        #expect(text.contains("! Install the release buildkit"))
        #expect(text.contains("○ Register the builder"))
    }

    @Test func scrollingIsOfferedWhereThereIsMore() {
        var stage = Stage(columns: 100, rows: 30)
        stage.runToEnd()
        #expect(!stage.text.contains("↑↓ scroll"))
        stage.send(.resized(Size(columns: 100, rows: 16)))
        #expect(stage.text.contains("↑↓ scroll"))
    }

    @Test func theLogInSightIsCopied() throws {
        var stage = kept()
        stage.press(.character("l"))
        #expect(stage.text.contains("y copy log"))
        stage.press(.character("y"))
        let log = try #require(stage.copied)
        #expect(log.contains("beginning wait for 9 resources"))
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
        let pinned = command.replacing("kubectl label", with: "kubectl --context production label")
        #expect(stage.text.contains("\n          kubectl --context production label namespace"))
        #expect(stage.text.contains("y copy fix"))
        stage.press(.character("y"))
        #expect(stage.effects.last == .copy(pinned))
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
    }

    /// Such a message has no place in the documents.
    @Test func aMessageThatSaysAllHasNoReference() {
        let stage = failed(InstallerError("The step failed", detail: "exit 1"))
        #expect(stage.text.contains("exit 1"))
        #expect(!stage.text.contains("See   "))
    }
}
