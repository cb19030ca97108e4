import FoundationEssentials
import Installer

/// `--output json`: one object per line on standard output, each with its type, schema version and timestamp.
/// ``OutputSchema`` describes them.
struct JSONLines: Sendable {
    /// Incremented by incompatible changes.
    static let schemaVersion = 1

    var now: @Sendable () -> Date = { Date() }

    /// - Parameter time: when it happened; nil: now.
    func write(_ type: String, _ payload: some Encodable, at time: Date? = nil) {
        let line = Line(type: type, timestamp: time ?? now(), payload: payload)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // All reported values are strings, numbers, dates and lists, which can always be encoded.
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

/// A failure, in the format of all lines.
struct FailureObject: Encodable {
    var code: ErrorCode
    /// The affected step, tool or object.
    var id: String
    var message: String
    var detail: String?
    var hint: String?
    /// The place in the documents that explains the code.
    var docs: String

    init(_ failure: InstallerError, of step: Step.ID? = nil) {
        (code, id) = (failure.code, step.map { Self.subject(of: $0) } ?? failure.id)
        (message, detail, hint) = (failure.message, failure.detail, failure.hint)
        docs = failure.code.documentation
    }

    static func subject(of step: Step.ID) -> String { "step/\(step)" }
}

extension InstallerError {
    /// What it is about, where no step reports it.
    fileprivate var id: String {
        if let subject { return subject }
        return switch code {
        case .usage: "command-line"
        case .invalidAnswer: "settings"
        case .notConfirmed: "confirmation"
        case .checksFailed: "checks"
        case .locked: "lock"
        case .inputUnreadable, .outputUnwritable, .fileUnreadable, .fileUnwritable: "file"
        case .internalError: "program"
        default: "installation"
        }
    }
}

/// Errors in the settings.
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

/// The planned changes.
struct PlanLine: Encodable {
    struct StepObject: Encodable {
        var id: Step.ID
        var title: String
        /// The equivalent command line; nil if the program performs it itself.
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
    /// In the format of an answers file.
    var answers: [Field.ID: JSONValue]?

    init(_ plan: Plan) {
        (kind, title, installation, notes) = (plan.kind, plan.title, plan.installation, plan.notes)
        steps = plan.steps.map { step in
            let command: String? =
                switch step.action {
                case .run(let line): "\(line)"
                case .restart: ShellScript.lines(for: step.action).first
                default: nil
                }
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

/// An event of a run.
struct EventLine: Encodable {
    private enum Stream: String, Encodable { case output, error }

    private var event: String
    private var step: Step.ID?
    private var text: String?
    private var stream: Stream?
    private var pods: [PodProgress]?
    private var failure: FailureObject?
    /// Nil: it has none of its own.
    let time: Date?

    private enum CodingKeys: String, CodingKey { case event, step, text, stream, pods, failure }

    /// Nil for events that only the journal records.
    init?(_ event: RunEvent) {
        switch event {
        case .reaching, .made: return nil
        case .began(_, let at): (self.event, time) = ("began", at)
        case .started(let step, let at): (self.event, self.step, time) = ("started", step, at)
        case .printed(let step, let line):
            (self.event, self.step, time) = ("printed", step, nil)
            (text, stream) = (line.text, line.isError ? .error : .output)
        case .pods(let step, let pods, let at):
            (self.event, self.step, self.pods, time) = ("pods", step, pods, at)
        case .finished(let step, let at): (self.event, self.step, time) = ("finished", step, at)
        case .failed(let step, let failure, let at):
            (self.event, self.step, time) = ("failed", step, at)
            self.failure = FailureObject(failure, of: step)
        case .interrupted(let step, let at): (self.event, self.step, time) = ("interrupted", step, at)
        case .undoing(let step, let at): (self.event, self.step, time) = ("rolling-back", step, at)
        case .undone(let step, let at): (self.event, self.step, time) = ("rolled-back", step, at)
        case .undoFailed(let step, let failure, let at):
            (self.event, self.step, time) = ("rollback-failed", step, at)
            self.failure = FailureObject(failure, of: step)
        case .ended(let at): (self.event, time) = ("ended", at)
        }
    }
}

/// The result of a run: the last line of every command that makes changes, and the only line if it could not start.
struct ResultLine: Encodable {
    enum Outcome: String, Encodable, CaseIterable {
        case installed, changed, unchanged, removed
        case partlyRemoved = "partly-removed"
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
    var endpoint: String?
    /// Whether a test build succeeded.
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

    /// A command that could not start: if it was refused, no changes were made.
    init(failed failure: InstallerError, status: ExitStatus) {
        self.init(status == .failed ? .failed : .refused, failure.message, status: status)
        self.failure = FailureObject(failure)
    }

    init(_ summary: RunSummary) {
        self.init(Outcome(summary.outcome), summary.headline, status: ExitStatus(summary.outcome))
        (installation, builder, endpoint, buildVerified) = (
            summary.installation, summary.builder, summary.endpoint, summary.buildVerified
        )
        certificates = Certificates(directory: summary.certificates, notAfter: summary.certificatesEnd)
        rolledBack = summary.undone
        failure = summary.failure.map { FailureObject($0, of: summary.stoppedAt) }
        rollbackFailures = summary.undoFailures.map { FailureObject($0.failure, of: $0.step) }
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
            case .partlyRemoved: .partlyRemoved
            case .rehearsed: .dryRun
            case .failed: .failed
            case .interrupted: .interrupted
            }
    }
}
