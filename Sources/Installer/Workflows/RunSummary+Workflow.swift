import FoundationEssentials
import MutualTLS

extension RunSummary {
    /// - Parameter isRehearsal: whether nothing was performed.
    public init(
        _ run: RunState, of verb: Workflow, _ answers: Answers, isRehearsal: Bool = false,
        dependencies: Dependencies
    ) {
        let plan = run.plan
        let paths = CertificateLayout(
            answers, installation: plan.installation, places: dependencies.places, home: dependencies.home)
        let proven = !isRehearsal && run.hasVerifiedBuild
        let (outcome, headline) = Self.outcome(of: run, isRehearsal: isRehearsal, verb.report)
        self.outcome = outcome
        self.headline =
            ((outcome == .changed ? verb.report.headline?(answers, run) : nil) ?? headline)
            + (proven ? ", and a real build went through it." : ".")
        installation = plan.installation
        builder = answers.builder
        self.proven = proven
        certificates = paths.outer.path
        certificatesEnd = isRehearsal ? nil : paths.outer.firstEnd
        undone = plan.steps.contains { run[$0.id].status == .undone }
        let installation = plan.installation
        func pinned(_ text: String) -> String { installation.pinned(text, builder: answers.builder) }
        failure = run.failure?.pinned(to: installation, builder: answers.builder)
        stoppedAt = run.stoppedAt
        undoFailures = run.undoFailures.map { $0.pinned(to: installation, builder: answers.builder) }
        next =
            switch outcome {
            case .rehearsed: [NextCommand("Run for real", verb.commandLine(answers, at: plan.installation))]
            case .failed, .interrupted:
                [
                    Retry(run.failure, undone ? "Try again" : "Resume").command(
                        verb, answers, at: installation)
                ]
            // Nothing was done, so nothing follows from it.
            case .unchanged where plan.steps.isEmpty: []
            case .installed, .changed, .unchanged, .removed:
                verb.report.next(answers, installation).map { NextCommand($0.purpose, pinned($0.command)) }
            }
        account = verb.report.account.map { $0(run) }
        remarks = outcome == .changed || outcome == .unchanged ? verb.report.remarks(run).map(pinned) : []
    }

    private static func outcome(
        of run: RunState, isRehearsal: Bool, _ words: WorkflowMessages
    ) -> (Outcome, headline: String) {
        if isRehearsal { return (.rehearsed, "Dry run: no changes were made") }
        if run.wasInterrupted { return (.interrupted, "The \(words.subject) was stopped") }
        return run.succeeded ? words.outcome(run) : (.failed, "The \(words.subject) failed")
    }
}

extension RunState {
    /// Whether a real build went through the builder.
    fileprivate var hasVerifiedBuild: Bool {
        plan.steps.contains { step in
            if case .verifyBuild = step.action { self[step.id].status == .done } else { false }
        }
    }
}

extension CertificateFolder {
    /// When the first of the two certificates that people meet ends.
    fileprivate var firstEnd: Date? {
        [CertificateFile.serverCertificate, .clientCertificate].compactMap { file in
            // A folder may hold the client's part only; what is not there does not end.
            guard let bytes = try? bytes(of: file) else { return nil }
            return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self)).notAfter
        }.min()
    }
}
