@testable import Installer
import Testing

struct PlanConfirmationTests {
    private func step(_ id: Step.ID, _ folder: String = "/chart", _ title: String = "It") -> Step {
        Step(id: id, title: title, action: .unpackChart(folder: folder))
    }

    @Test func whatIsDoneCountsAndNotHowItIsCalled() {
        let plan = Plan.test([step("one"), step("two")])
        #expect(plan.differences(to: .test([step("one", "/chart", "Now 3 builds run"), step("two")])) == [])
        #expect(
            plan.differences(to: .test([step("two"), step("three", "/chart", "Create")])) == [
                "Removed step: It", "New step: Create",
            ])
        #expect(
            plan.differences(to: .test([step("one"), step("two", "/other")])) == [
                "Removed step: It", "New step: It",
            ])
        #expect(
            plan.differences(to: .test([step("two"), step("one")])) == ["The order of the steps changed."])
    }

    @Test func buildsThatComeAndGoChangeNothing() {
        let wait = Step(
            id: "builds", title: "Wait", action: .waitForBuilds(installation: Plan.installation, timeout: 1))
        #expect(Plan.test([wait, step("one")]).differences(to: .test([step("one")])) == [])
    }
}
