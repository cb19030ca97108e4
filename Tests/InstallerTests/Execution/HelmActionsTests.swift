import Testing

@testable import Installer

/// Messages of tools, without duplicates.
@Suite struct RepeatedWordsTests {
    @Test func anErrorThatHelmLogsBeforeItPrintsItIsToldOnce() {
        let said = """
            level=WARN msg="upgrade failed" name=m4 error="claims \\"m4-cache\\" is forbidden: only dynamically provisioned"
            Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned
            """
        #expect(
            said.withoutRepeats
                == #"Error: UPGRADE FAILED: claims "m4-cache" is forbidden: only dynamically provisioned"#)
    }

    @Test func whatIsSaidOnlyOnceStays() {
        let said = """
            level=WARN msg="odd" error="something else"

            Error: no
            """
        #expect(said.withoutRepeats == said)
    }

    @Test func theNameOfAnObjectIsNoSecret() {
        let said = "Error: resource Deployment/f-q2/f-q2-buildkit-builder-of-the-team not ready"
        #expect(Redactor.of(said) == said)
        let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0waw/IBAQQgx7yz"
        #expect(Redactor.of("key Secret/\(key)") == "key (removed)")
    }
}

/// The release between the plan of an uninstall and its step: meanwhile it may have waited for builds.
@Suite struct ReleaseRemovalTests {
    private let helm = Plan.installation.helm
    private static let templates =
        "# Source: buildkit/templates/proxy/a.yaml\n# Source: buildkit/templates/builder/b.yaml\n"

    /// Uninstalls revision 3.
    /// - Parameter then: what is run after the release was read.
    private func run(
        revision: Int, manifest: String = templates, then: [ReplayRunner.Recording] = []
    ) async -> (run: RunState, unplayed: [String]) {
        let row =
            #"{"revision": \#(revision), "status": "deployed", "chart": "buildkit-0.1.0", "app_version": "1"}"#
        let reads: [ReplayRunner.Recording] = [
            .init("\(helm.history())", CommandResult(output: "[\(row)]")),
            .init("\(helm.values())", CommandResult(output: "null")),
            .init("\(helm.manifest())", CommandResult(output: manifest)),
        ]
        return await run(reads + then)
    }

    private func run(_ recordings: [ReplayRunner.Recording]) async -> (run: RunState, unplayed: [String]) {
        let runner = ReplayRunner(recordings, order: .any)
        let step = Step(
            id: "release", title: "Uninstall",
            action: .uninstallRelease(installation: Plan.installation, revision: 3, timeout: 60))
        let run = await rehearse(.test([step]), in: .test(runner)).run
        return (run, runner.unplayed)
    }

    @Test func theRevisionOfThePlanIsUninstalled() async {
        let (run, unplayed) = await run(revision: 3, then: [.init("\(helm.uninstall(timeout: 60))")])
        #expect(run.failure == nil)
        #expect(unplayed == [])
        #expect(run.helmWork.map(\.revision) == [3])
    }

    @Test func aReleaseThatWasUpgradedSinceStays() async {
        let (run, _) = await run(revision: 4)
        #expect(
            run.failure?.message
                == "The release buildkit was changed by another process and was left unchanged")
        #expect(run.failure?.detail == "The release is at revision 4 of buildkit-0.1.0 (deployed).")
    }

    @Test func aReleaseOfOtherTemplatesStaysAtTheSameRevision() async {
        let (run, _) = await run(revision: 3, manifest: "# Source: buildkit/templates/web.yaml\n")
        #expect(run.failure?.message.contains("was changed by another process") == true)
    }

    @Test func aReleaseThatIsGoneNeedsNoHelm() async {
        let absent = CommandResult(status: 1, errors: "Error: release: not found\n")
        let (run, _) = await run(
            [helm.history(), helm.values(), helm.manifest()].map {
                ReplayRunner.Recording("\($0)", absent)
            })
        #expect(run.failure == nil)
        #expect(run["release"].lines == [OutputLine("The release no longer exists")])
    }

    @Test func aReleaseThatCannotBeReadStays() async {
        let silent = CommandResult(status: 1, errors: "Error: Kubernetes cluster unreachable\n")
        let (run, _) = await run(
            [helm.history(), helm.values(), helm.manifest()].map {
                ReplayRunner.Recording("\($0)", silent)
            })
        #expect(run.failure != nil)
    }
}
