@testable import Installer

/// A plan that was run with recorded commands: its fold, and every event.
struct Rehearsal {
    let run: RunState
    let events: [RunEvent]

    /// The events without their times, one word and a step each.
    var story: [String] { events.map(\.story).filter { !$0.isEmpty } }
}

func rehearse(
    _ plan: Plan, in dependencies: Dependencies, keepOnFailure: Bool = false,
    asksOnFailure: Bool = false,
    interruptionPolicy: @escaping @Sendable () async -> InterruptionPolicy = { .undo },
    onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
) async -> Rehearsal {
    let events = Collector<RunEvent>()
    let run = await PlanExecutor(dependencies).execute(
        plan, keepOnFailure: keepOnFailure, asksOnFailure: asksOnFailure,
        interruptionPolicy: interruptionPolicy
    ) {
        event in
        events.add(event)
        onEvent(event)
    }
    return Rehearsal(run: run, events: events.all)
}

extension RunEvent {
    /// The event without its time; printed lines are omitted.
    var story: String {
        switch self {
        case .began: "began"
        case .started(let step, _): "started \(step)"
        case .printed, .pods, .reaching, .made: ""
        case .finished(let step, _): "finished \(step)"
        case .failed(let step, _, _): "failed \(step)"
        case .interrupted(let step, _): "interrupted \(step)"
        case .undoing(let step, _): "undoing \(step)"
        case .undone(let step, _): "undone \(step)"
        case .undoFailed(let step, _, _): "not undone \(step)"
        case .ended: "ended"
        }
    }
}

extension Plan {
    static let installation = InstallationID(context: "", namespace: "team", release: "buildkit")

    static func test(_ steps: [Step]) -> Plan {
        Plan(title: "Test", installation: installation, steps: steps)
    }
}
