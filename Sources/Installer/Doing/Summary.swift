import FoundationEssentials
import MutualTLS

/// What came of a run: the last page, the last lines and the result object are views of it.
public struct Summary: Codable, Equatable, Sendable {
    public enum Outcome: String, Codable, Sendable {
        case installed, changed, unchanged, rehearsed, failed, interrupted
    }

    public var outcome: Outcome
    public var site: Site
    public var builder: String
    /// Whether a real build went through it.
    public var proven: Bool
    /// The folder of the certificates.
    public var certificates: String
    /// When the first of the certificates here ends; nil where none could be read.
    public var certificatesEnd: Date?
    /// Whether what a failed or interrupted run did was taken back.
    public var undone: Bool
    public var failure: Failure?
    /// What could not be taken back.
    public var undoFailures: [Failure]
    /// What to type next, each with what it is for.
    public var next: [NextCommand]
}

/// A command that the user may want next.
public struct NextCommand: Codable, Equatable, Sendable {
    public var purpose: String
    public var command: String

    public init(_ purpose: String, _ command: String) {
        self.purpose = purpose
        self.command = command
    }
}

extension Summary {
    /// - Parameter isRehearsal: whether nothing was performed.
    public init(_ run: Run, _ answers: Answers, isRehearsal: Bool = false, world: World) {
        let plan = run.plan
        let paths = CertificatePlan(answers, site: plan.site, places: world.places, home: world.home)
        outcome = Self.outcome(of: run, isRehearsal: isRehearsal)
        site = plan.site
        builder = answers.builder
        proven = run["proof"].status == .done
        certificates = paths.outer.path
        certificatesEnd = isRehearsal ? nil : paths.outer.firstEnd
        undone = plan.steps.contains { run[$0.id].status == .undone }
        failure = run.failure
        undoFailures = run.undoFailures
        next = Self.next(outcome, undone: undone, answers, plan.site)
    }

    private static func outcome(of run: Run, isRehearsal: Bool) -> Outcome {
        if isRehearsal { return .rehearsed }
        if run.wasInterrupted { return .interrupted }
        guard run.succeeded else { return .failed }
        guard run.plan.changesSomething else { return .unchanged }
        return run.plan.steps.contains { $0.id == "namespace" || $0.title.hasPrefix("Install") }
            ? .installed : .changed
    }

    private static func next(_ outcome: Outcome, undone: Bool, _ answers: Answers, _ site: Site)
        -> [NextCommand]
    {
        switch outcome {
        case .rehearsed: [NextCommand("Do it", answers.commandLine)]
        case .failed, .interrupted:
            [NextCommand(undone ? "Try again" : "Go on where this stopped", answers.commandLine)]
        case .installed, .changed, .unchanged:
            (answers.exposure == .portForward && answers.endpoint == nil
                ? [NextCommand("Reach the builder from here", "\(forward(answers, site))")] : [])
                + [NextCommand("Build", "docker buildx build --builder \(answers.builder) .")]
                + (answers.use
                    ? []
                    : [NextCommand("Make it the current builder", "docker buildx use \(answers.builder)")])
        }
    }

    private static func forward(_ answers: Answers, _ site: Site) -> Command {
        let service = ServiceName(
            context: site.context, namespace: site.namespace, name: answers.fullname, port: answers.port)
        return service.kubectl.portForward(service)
    }
}

extension Plan {
    /// Whether it does more than look.
    public var changesSomething: Bool {
        steps.contains { if case .prove = $0.action { false } else { true } }
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
