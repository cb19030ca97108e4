import FoundationEssentials
import Installer

/// `--output json`: one object a line on standard output, each with its type, the version of its schema, and the
/// time. ``OutputSchema`` describes them.
struct JSONLines: Sendable {
    /// Raised where a line changes so that a program that reads it would have to.
    static let schemaVersion = 1

    var now: @Sendable () -> Date = { Date() }

    /// - Parameter time: when it happened; nil: now.
    func write(_ type: String, _ payload: some Encodable, at time: Date? = nil) {
        let line = Line(type: type, timestamp: time ?? now(), payload: payload)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // All that is reported is made of strings, numbers, dates and lists, which can always be written.
        guard let data = try? encoder.encode(line) else { return }
        Console.output.line(String(decoding: data, as: UTF8.self))
    }

    func result(_ result: ResultLine) { write("result", result) }

    private struct Line<Payload: Encodable>: Encodable {
        var type: String
        var timestamp: Date
        var payload: Payload

        private enum CodingKeys: String, CodingKey { case type, schemaVersion, timestamp }

        func encode(to encoder: any Encoder) throws {
            try payload.encode(to: encoder)
            var object = encoder.container(keyedBy: CodingKeys.self)
            try object.encode(type, forKey: .type)
            try object.encode(JSONLines.schemaVersion, forKey: .schemaVersion)
            // Milliseconds are enough to see how long a step took.
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            try object.encode(timestamp.formatted(format), forKey: .timestamp)
        }
    }
}

/// Why something failed, as every line says it.
struct FailureObject: Encodable {
    var code: ErrorCode
    /// What it is about: a step, a check, an object.
    var id: String?
    var message: String
    var detail: String?
    var hint: String?

    init(_ failure: InstallerError, id: String? = nil) {
        (code, self.id) = (failure.code, id)
        (message, detail, hint) = (failure.message, failure.detail, failure.hint)
    }
}

/// What is wrong with answers.
struct AnswerErrorsLine: Encodable {
    struct Entry: Encodable {
        var code = ErrorCode.invalidAnswer
        var id: String
        var source: String?
        var message: String
        var example: String?
    }

    var errors: [Entry]

    init(_ problems: [AnswerError]) {
        errors = problems.map {
            Entry(id: $0.field, source: $0.origin, message: $0.message, example: $0.example)
        }
    }
}

struct ChecksLine: Encodable { var checks: [CheckResult] }

/// What would be done, or will be.
struct PlanLine: Encodable {
    struct StepObject: Encodable {
        var id: Step.ID
        var title: String
        /// The command line that does it; nil where the program does it itself.
        var command: String?
    }

    struct Change: Encodable {
        var id: String
        var before: String
        var after: String
    }

    var kind: Plan.Kind
    var title: String
    var installation: InstallationID
    var steps: [StepObject]
    var changes: [Change]
    var notes: [String]
    /// As an answers file has them.
    var answers: [Field.ID: JSONValue]?

    init(_ plan: Plan) {
        (kind, title, installation, notes) = (plan.kind, plan.title, plan.installation, plan.notes)
        steps = plan.steps.map { step in
            var command: String?
            if case .run(let line) = step.action { command = "\(line)" }
            return StepObject(id: step.id, title: step.title, command: command)
        }
        changes = plan.differences.map { Change(id: $0.what, before: $0.before, after: $0.after) }
        answers = plan.answers.map { texts in
            Dictionary(
                uniqueKeysWithValues: texts.compactMap { id, text in
                    Field.named(id).map { (id, $0.kind.json(text)) }
                })
        }
    }
}

/// Something that happened in a run.
struct EventLine: Encodable {
    private enum Stream: String, Encodable { case output, error }

    private var event: String
    private var step: Step.ID?
    private var text: String?
    private var stream: Stream?
    private var failure: FailureObject?
    /// Nil: it has none of its own.
    let time: Date?

    private enum CodingKeys: String, CodingKey { case event, step, text, stream, failure }

    /// Nil for what only the journal is for.
    init?(_ event: RunEvent) {
        func failed(_ failure: InstallerError, _ step: Step.ID) -> FailureObject {
            FailureObject(failure, id: "step/\(step)")
        }
        switch event {
        case .reaching, .made: return nil
        case .began(_, let at): (self.event, time) = ("began", at)
        case .started(let step, let at): (self.event, self.step, time) = ("started", step, at)
        case .printed(let step, let line):
            (self.event, self.step, time) = ("printed", step, nil)
            (text, stream) = (line.text, line.isError ? .error : .output)
        case .finished(let step, let at): (self.event, self.step, time) = ("finished", step, at)
        case .failed(let step, let failure, let at):
            (self.event, self.step, self.failure, time) = ("failed", step, failed(failure, step), at)
        case .interrupted(let step, let at): (self.event, self.step, time) = ("interrupted", step, at)
        case .undoing(let step, let at): (self.event, self.step, time) = ("rolling-back", step, at)
        case .undone(let step, let at): (self.event, self.step, time) = ("rolled-back", step, at)
        case .undoFailed(let step, let failure, let at):
            (self.event, self.step, self.failure, time) = ("rollback-failed", step, failed(failure, step), at)
        case .ended(let at): (self.event, time) = ("ended", at)
        }
    }
}

/// What came of a run; the last line of every command that changes something, and the only one where it could not
/// begin.
struct ResultLine: Encodable {
    enum Outcome: String, Encodable, CaseIterable {
        case installed, changed, unchanged, removed
        case dryRun = "dry-run"
        case failed, interrupted, refused
    }

    struct Certificates: Encodable {
        var directory: String
        var notAfter: Date?
    }

    var outcome: Outcome
    var exitStatus: Int32
    var message: String
    var installation: InstallationID?
    var builder: String?
    /// Whether a real build went through the builder.
    var buildVerified: Bool?
    var certificates: Certificates?
    var rolledBack: Bool?
    var failure: FailureObject?
    var rollbackFailures: [FailureObject]?
    var notes: [String]?
    var next: [NextCommand]?

    init(_ outcome: Outcome, _ message: String, status: ExitStatus = .done) {
        (self.outcome, self.message, exitStatus) = (outcome, message, status.rawValue)
    }

    /// A command that could not begin: where it was refused, nothing was changed.
    init(failed failure: InstallerError, status: ExitStatus) {
        self.init(status == .failed ? .failed : .refused, failure.message, status: status)
        self.failure = FailureObject(failure)
    }

    init(_ summary: RunSummary) {
        self.init(Outcome(summary.outcome), summary.headline, status: ExitStatus(summary.outcome))
        (installation, builder, buildVerified) = (summary.installation, summary.builder, summary.proven)
        certificates = Certificates(directory: summary.certificates, notAfter: summary.certificatesEnd)
        rolledBack = summary.undone
        failure = summary.failure.map { FailureObject($0, id: summary.stoppedAt.map { "step/\($0)" }) }
        rollbackFailures = summary.undoFailures.map { FailureObject($0) }
        notes = (summary.account ?? []) + summary.remarks
        next = summary.next
    }
}

extension ResultLine.Outcome {
    fileprivate init(_ outcome: RunSummary.Outcome) {
        self =
            switch outcome {
            case .installed: .installed
            case .changed: .changed
            case .unchanged: .unchanged
            case .removed: .removed
            case .rehearsed: .dryRun
            case .failed: .failed
            case .interrupted: .interrupted
            }
    }
}
