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
                if !isKept { await undo(end.revocable, in: workshop, recorder) }
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

        /// The steps since the last one that was done for good; the one at which it stopped was not.
        var revocable: [Step] {
            let last = steps.dropLast().lastIndex(where: \.commits)
            return Array(steps[(last.map { $0 + 1 } ?? 0)...])
        }
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

/// What becomes of the work of a run that the user stopped.
public enum Aftermath: Sendable {
    /// Take back what was done.
    case undo
    /// Leave it; a later run goes on from there.
    case keep
}

extension Action {
    /// Does what the action says. Each case is done in one place.
    func perform(in workshop: Workshop) async throws {
        switch self {
        case .run(let command) where command.tool == .helm: try await ReleaseRunner(workshop).run(command)
        case .run(let command): try await workshop.run(command)
        case .issueCertificates(let order, let folder):
            try await CertificateIssuer(workshop).issue(order, into: folder)
        case .bakeCertificates(let command, let folder):
            try await CertificateBaker(workshop).bake(command, into: folder)
        case .issueInner(let folder, let algorithm, let days):
            try await CertificateIssuer(workshop).issueInner(into: folder, algorithm: algorithm, days: days)
        case .saveClient(let folder, let secret): try await ClientSaver(workshop).save(secret, into: folder)
        case .applySecret(let recipe): try await SecretWriter(workshop).apply(recipe)
        case .restoreSecret(let name): try await SecretWriter(workshop).restore(name)
        case .prepareRenewal(let order, let folder):
            try await CertificateRenewer(workshop).prepare(order, in: folder)
        case .installRenewal(let folder): try await CertificateRenewer(workshop).install(in: folder)
        case .discardRenewal(let folder): try CertificateFolder(path: folder).discardRenewal()
        case .saveServer(let folder, let secret): try await ServerSaver(workshop).save(secret, into: folder)
        case .nudgeProxies(let site): try await ProxyNudge(workshop).nudge(site)
        case .awaitUptake(let uptake): try await UptakeWait(workshop).wait(for: uptake)
        case .issueClient(let order, let folder, let serial):
            try await ClientIssuer(workshop).issue(order, into: folder, replacing: serial)
        case .withdrawClient(let name, let folder, let kept):
            try ClientIssuer(workshop).withdraw(name, from: folder, except: kept)
        case .revoke(let serials, let folder): try await ClientIssuer(workshop).revoke(serials, in: folder)
        case .watchClient(let look): try await ClientWatch(workshop).watch(look)
        case .writeBundle(let bundle): try await BundleWriter(workshop).write(bundle)
        case .unpackChart(let folder): try ChartUnpacker(workshop).unpack(into: folder)
        case .waitForAddress(let service, let exposure, let timeout):
            try await AddressWait(workshop).wait(for: service, exposure, timeout: timeout)
        case .awaitBuilder(_, let site, let scaling, let timeout):
            try await BuilderWait(workshop).wait(for: scaling, at: site, timeout: timeout)
        case .register(let registration): try await BuilderRegistrar(workshop).register(registration)
        case .prove(let proof): try await BuildProof(workshop).prove(proof)
        case .remove(let paths): try FileRemover(workshop).remove(paths)
        case .removeCertificates(let folder, let files):
            try FileRemover(workshop).removeCertificates(files, from: folder)
        case .delete(let removal): try await ObjectRemover(workshop).delete(removal)
        case .forget(let paths): try FileRemover(workshop).remove(paths)
        case .waitForBuilds(let site, let timeout):
            try await BuildWait(workshop).wait(at: site, timeout: timeout)
        }
    }
}
