import FoundationEssentials
import MutualTLS

extension RunSummary {
    /// - Parameter isRehearsal: whether the run was only simulated.
    public init(
        _ run: RunState, of verb: Workflow, _ answers: Answers, isRehearsal: Bool = false,
        dependencies: Dependencies
    ) {
        let plan = run.plan
        let paths = CertificateLayout(
            answers, installation: plan.installation, places: dependencies.places, home: dependencies.home)
        let verified = isRehearsal ? nil : run.verified
        let (outcome, headline) = Self.outcome(of: run, isRehearsal: isRehearsal, verb.report)
        self.outcome = outcome
        self.headline =
            ((outcome == .changed ? verb.report.headline?(answers, run) : nil) ?? headline)
            + (verified.map { $0 == .build ? "; the test build succeeded." : "; the builder is running." }
                ?? ".")
        installation = plan.installation
        builder = answers.builder
        endpoint = plan.endpoint.map { "\($0)" }
        buildVerified = verified == .build
        certificates = paths.outer.path
        certificatesEnd = isRehearsal ? nil : paths.outer.firstEnd
        undone = plan.steps.contains { run[$0.id].status == .undone }
        changes = run.changes
        let installation = plan.installation
        let settings = dependencies.settings(of: installation)
        func pinned(_ text: String) -> String {
            installation.pinned(text, builder: answers.builder, settings: settings)
        }
        func pinned(_ failure: InstallerError) -> InstallerError {
            failure.pinned(to: installation, builder: answers.builder, settings: settings)
        }
        failure = run.failure.map { pinned($0) }
        stoppedAt = run.stoppedAt
        undoFailures = run.undoFailures.map { UndoFailure(step: $0.step, failure: pinned($0.failure)) }
        next =
            switch outcome {
            case .rehearsed: [NextCommand("Run for real", verb.commandLine(answers, at: plan.installation))]
            case .failed, .interrupted:
                [
                    Retry(run.failure, undone ? "Try again" : "Resume").command(
                        verb, answers, at: installation)
                ] + [run.wayBack(answers)].compactMap(\.self)
            case .partlyRemoved:
                [
                    NextCommand(
                        "Remove the rest when the cluster answers",
                        verb.commandLine(answers.unforced, at: installation))
                ]
            // Nothing was done, so there are no next steps.
            case .unchanged where plan.steps.isEmpty: []
            case .installed, .changed, .unchanged, .removed:
                verb.report.next(answers, installation).map { NextCommand($0.purpose, pinned($0.command)) }
            }
        account = verb.report.account.map { $0(run) }
        remarks =
            outcome == .changed || outcome == .unchanged
            ? verb.report.remarks(run).map { pinned($0) } : []
    }

    private static func outcome(
        of run: RunState, isRehearsal: Bool, _ words: WorkflowMessages
    ) -> (Outcome, headline: String) {
        if isRehearsal { return (.rehearsed, "Dry run: no changes were made") }
        let subject = run.plan.kind == .upgrade ? "upgrade" : words.subject
        if run.wasInterrupted { return (.interrupted, "The \(subject) was interrupted") }
        return run.succeeded ? words.outcome(run) : (.failed, "The \(subject) failed")
    }
}

extension Plan {
    /// The address in the registration that it makes or verifies.
    fileprivate var endpoint: Endpoint? {
        steps.lazy.compactMap { step in
            switch step.action {
            case .register(let registration, _): registration.address.endpoint
            case .verifyBuild(let verification): verification.registration.address.endpoint
            case .awaitRollout(let rollout): rollout.registration.address.endpoint
            default: nil
            }
        }.first
    }
}

extension Answers {
    /// Without the consent to remove the components on this machine alone, which would cancel builds in the cluster.
    fileprivate var unforced: Answers {
        var answers = self
        answers.force = false
        return answers
    }
}

extension Address {
    fileprivate var endpoint: Endpoint? { if case .endpoint(let endpoint) = self { endpoint } else { nil } }
}

extension RunState {
    /// What a verification of the builder has shown; nil: there was none, or it failed.
    fileprivate var verified: BuildVerification.Depth? {
        for step in plan.steps {
            if case .verifyBuild(let verification) = step.action, self[step.id].status == .done {
                return verification.depth
            }
        }
        return nil
    }
}
