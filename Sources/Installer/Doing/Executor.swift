import MutualTLS

/// Runs a plan: step by step, and back again when one fails.
///
/// It reports each event as it happens and returns their fold. Cancelling its task is the user's interruption: the
/// tool that is running is stopped, with all that it started.
public struct Executor: Sendable {
    private let world: World

    public init(_ world: World) { self.world = world }

    /// - Parameters:
    ///   - keepOnFailure: leave what was done in place when a step fails.
    ///   - aftermath: asked once, and only when the user has stopped the run.
    ///   - report: hears every event, one after the other.
    public func execute(
        _ plan: Plan, keepOnFailure: Bool = false,
        aftermath: @escaping @Sendable () async -> Aftermath = { .undo },
        report: @escaping @Sendable (RunEvent) async -> Void
    ) async -> Run {
        let world = world.marked(as: plan.site)
        let recorder = Recorder(plan, world: world, report: report)
        let workshop = Workshop(world: world, plan: plan, recorder: recorder)
        await recorder.note { .began(plan: plan, at: $0) }
        if let end = await doSteps(of: plan, in: workshop, recorder) {
            // Nothing from here on may be cut short by the interruption that led here.
            await Task {
                let isKept = end.wasInterrupted ? await aftermath() == .keep : keepOnFailure
                if !isKept { await undo(end.steps, in: workshop, recorder) }
            }.value
        } else {
            await keepAnswers(of: plan, in: workshop)
        }
        await recorder.note { .ended(at: $0) }
        return await recorder.run
    }

    /// How a run came to stop, and the steps that had begun by then.
    private struct Stop {
        var steps: [Step]
        var wasInterrupted: Bool
    }

    private func doSteps(of plan: Plan, in workshop: Workshop, _ recorder: Recorder) async -> Stop? {
        for (index, step) in plan.steps.enumerated() {
            guard !Task.isCancelled else {
                await recorder.note { .interrupted(step: step.id, at: $0) }
                return Stop(steps: Array(plan.steps[..<index]), wasInterrupted: true)
            }
            await recorder.note { .started(step: step.id, at: $0) }
            do {
                try await step.action.perform(in: workshop.at(step))
                await recorder.note { .finished(step: step.id, at: $0) }
            } catch {
                let wasInterrupted = Task.isCancelled
                let failure = Failure(error).redacted
                await recorder.note { time in
                    wasInterrupted
                        ? .interrupted(step: step.id, at: time)
                        : .failed(step: step.id, failure: failure, at: time)
                }
                return Stop(steps: Array(plan.steps[...index]), wasInterrupted: wasInterrupted)
            }
        }
        return nil
    }

    /// What was asked for is done, whether or not it can be remembered.
    private func keepAnswers(of plan: Plan, in workshop: Workshop) async {
        guard let texts = plan.answers else { return }
        let path = world.places.answers(of: plan.site)
        // What is kept already is not written again: a run that changes nothing leaves no trace.
        guard (try? AnswersFile(readingFrom: path))?.texts != texts else { return }
        do throws(Failure) { try AnswersFile.save(texts, to: path, home: world.home) } catch {
            // Without a step there is nobody who could say so.
            guard let last = plan.steps.last else { return }
            await workshop.at(last).say("The answers were not kept for the next time: \(error.message)")
        }
    }

    /// Takes the steps back, the last one first. What cannot be taken back is reported, and the rest goes on.
    private func undo(_ steps: [Step], in workshop: Workshop, _ recorder: Recorder) async {
        for step in steps.reversed() where !step.undo.isEmpty {
            await recorder.note { .undoing(step: step.id, at: $0) }
            var failures: [Failure] = []
            for action in step.undo {
                do {
                    try await action.perform(in: workshop.at(step))
                } catch {
                    let failure = Failure(error).redacted
                    if !failure.saysNothingIsThere { failures.append(failure) }
                }
            }
            let failure = failures.first
            await recorder.note { time in
                failure.map { .undoFailed(step: step.id, failure: $0, at: time) }
                    ?? .undone(step: step.id, at: time)
            }
        }
    }
}

extension Failure {
    /// Any error in the form that users are told.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as CredentialsError: self.init(error)
        default: self.init("Something unexpected happened", detail: error.reason)
        }
    }

    /// Whether a tool failed to delete something because it is gone already. `docker buildx rm` knows no flag that
    /// makes this a success.
    fileprivate var saysNothingIsThere: Bool { detail?.contains("no builder ") ?? false }
}
