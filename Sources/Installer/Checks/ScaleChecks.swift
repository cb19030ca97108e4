// Checks before BuildKit is scaled to zero, or up again.

extension Check {
    /// Whether nothing prevents it: KEDA, or builds that a sleep would delay.
    static func scaling(_ target: ScaleTarget) -> Check {
        Check("scaling", .namespace, "state of BuildKit") { facts, answers in
            facts.verdict(on: facts.scale) { state in
                if target == .sleep, facts.activity.isPending, facts.server.failure == nil { return .pending }
                let change = ScaleFacts(
                    scaling: target, installation: answers.installation(facts), state: state,
                    activity: facts.activity)
                if let refusal = change.refusal(isForced: answers.force) { return .failed(refusal) }
                if let remark = change.remark { return .warning(remark, hint: nil) }
                return .passed(change.isDone ? "already \(state.inWords)" : state.inWords)
            }
        }
    }
}

extension Checks {
    static func scale(_ target: ScaleTarget) -> [Check] {
        [
            .kubectl, .interruptedRun, .context, .server,
            .readable { facts, answers throws(PlanRefusal) in _ = try ScaleFacts(target, answers, facts) },
            .scaling(target),
        ]
    }
}
