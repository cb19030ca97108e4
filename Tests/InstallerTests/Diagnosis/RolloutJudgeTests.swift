import FoundationEssentials
@testable import Installer
import Testing

/// The line of a pod that no node has taken yet.
@Suite struct UnscheduledPodTests {
    private func pods(_ objects: ReleaseObjects, of component: String? = nil) throws -> [PodProgress] {
        var judge = RolloutJudge(.team, of: component, before: nil)
        return try #require(judge.judge(objects, at: TestClock.start).pods)
    }

    private func recorded(_ code: CauseCode) throws -> ReleaseObjects {
        try #require(RecordedCause.all.first { $0.code == code }).objects(.late)
    }

    @Test(arguments: [
        (CauseCode.unschedulableResources, "0/1 nodes are available: 1 Insufficient memory"),
        (.unschedulableArch, "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector"),
    ])
    func theSchedulersLastWordIsShown(_ code: CauseCode, _ words: String) throws {
        #expect(try pods(recorded(code)).map(\.state) == ["waiting to be scheduled: \(words)"])
    }

    @Test func thatOfAnAutoscalerIsNewer() throws {
        let full = try recorded(.unschedulableResources)
        let pod = try #require(full.items.first { $0["kind"]?.string == "Pod" })
        let event = JSONValue.event(
            "Pod", pod.name, "TriggeredScaleUp", "pod triggered scale-up: [{pool 1->2 (max: 3)}]",
            type: "Normal", at: "2026-12-24T10:00:00Z")
        let grows = ReleaseObjects(items: full.items + [event], refused: [])
        #expect(
            try pods(grows).map(\.state) == [
                "waiting to be scheduled: pod triggered scale-up: [{pool 1->2 (max: 3)}]"
            ])
    }

    /// A user may have no permission to list events.
    @Test func withoutEventsThePodItselfSaysIt() throws {
        let full = try recorded(.unschedulableResources)
        let silent = ReleaseObjects(
            items: full.items.filter { $0["kind"]?.string != "Event" }, refused: ["events"])
        #expect(
            try pods(silent).map(\.state) == [
                "waiting to be scheduled: 0/1 nodes are available: 1 Insufficient memory"
            ])
    }

    @Test func onlyTheAwaitedComponentIsJudged() throws {
        let objects = ReleaseObjects(
            items: [.pod("builder", waiting: "InvalidImageName"), .pod("proxy")], refused: [])
        #expect(try pods(objects, of: "proxy").map(\.name) == ["buildkit-proxy-1"])
        var judge = RolloutJudge(.team, of: "proxy", before: nil)
        let causes = [0, 5].map {
            judge.judge(objects, at: TestClock.start.addingTimeInterval($0)).cause
        }
        #expect(causes.allSatisfy { $0 == nil })
    }
}
