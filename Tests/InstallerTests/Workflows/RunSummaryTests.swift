@testable import Installer
import Testing

/// Outcomes go by what a plan is, never by how it is worded.
@Suite struct RunSummaryTests {
    private func summary(_ kind: Plan.Kind, _ workflow: Workflow, _ actions: [Action]) -> RunSummary {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let steps = actions.enumerated().map { Step(id: "\($0)", title: "Any words", action: $1) }
        let plan = Plan(kind, title: "Other words", installation: installation, steps: steps)
        var run = RunState(plan)
        for step in steps { run.apply(.finished(step: step.id, at: .distantPast)) }
        return RunSummary(
            run, of: workflow, Answers(), dependencies: .test(ReplayRunner([:]), home: "/home"))
    }

    private let change = Action.unpackChart(folder: "/chart")
    private let rollout = Action.refreshProxies(
        installation: InstallationID(context: "test", namespace: "team", release: "buildkit"))

    @Test func anInstallIsToldFromAnUpgradeByItsKind() {
        #expect(summary(.install, .install, [change]).outcome == .installed)
        #expect(summary(.upgrade, .install, [change]).outcome == .changed)
        #expect(summary(.upgrade, .install, []).outcome == .unchanged)
    }

    @Test func aRotationOfTheBackendIsToldByItsKind() {
        #expect(summary(.rotateBackend, .rotate, [change]).headline == "BuildKit has new certificates.")
        #expect(summary(.rotate, .rotate, [change, rollout]).headline == "The certificates are new.")
    }

    @Test func whereNothingWasDoneNothingIsAskedToBeDone() {
        let idle = summary(.rotate, .rotate, [])
        #expect(idle.outcome == .unchanged)
        #expect(idle.next.isEmpty)
        #expect(idle.lines == ["There was nothing to renew."])
    }
}
