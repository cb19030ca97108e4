import FoundationEssentials

/// An event of a run. Screen, plain lines, JSON lines and journal are views of these.
public enum RunEvent: Equatable, Sendable {
    case began(plan: Plan, at: Date)
    case started(step: Step.ID, at: Date)
    case printed(step: Step.ID, line: OutputLine)
    /// The pods that the step waits for have advanced: all of them, as they are now.
    case pods(step: Step.ID, pods: [PodProgress], at: Date)
    /// Helm is about to change a release.
    case reaching(step: Step.ID, work: HelmWork, at: Date)
    /// A step is known to have created something.
    case made(step: Step.ID, receipt: Receipt, at: Date)
    case finished(step: Step.ID, at: Date)
    case failed(step: Step.ID, failure: InstallerError, at: Date)
    /// The user interrupted the run during a step.
    case interrupted(step: Step.ID, at: Date)
    case undoing(step: Step.ID, at: Date)
    case undone(step: Step.ID, at: Date)
    case undoFailed(step: Step.ID, failure: InstallerError, at: Date)
    /// The run is over; no operation is in progress.
    case ended(at: Date)
}

// As JSON an event is one flat object: {"at":"…","event":"finished","step":"chart"}.

extension RunEvent: Codable {
    private enum CodingKeys: String, CodingKey {
        case event, step, at, plan, failure, text, stream, pods, receipt, work
    }
    private enum Kind: String, Codable {
        case began, started, printed, pods, reaching, made, finished, failed, interrupted, undoing, undone
        case undoFailed = "undo-failed"
        case ended
    }
    private enum Stream: String, Codable { case output, error }

    /// Milliseconds are precise enough for the duration of a step.
    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        func step() throws -> Step.ID { try object.decode(Step.ID.self, forKey: .step) }
        func failure() throws -> InstallerError { try object.decode(InstallerError.self, forKey: .failure) }
        func at() throws -> Date { try Self.time.parse(object.decode(String.self, forKey: .at)) }
        switch try object.decode(Kind.self, forKey: .event) {
        case .began: self = .began(plan: try object.decode(Plan.self, forKey: .plan), at: try at())
        case .started: self = .started(step: try step(), at: try at())
        case .printed:
            let isError = try object.decode(Stream.self, forKey: .stream) == .error
            let text = try object.decode(String.self, forKey: .text)
            self = .printed(step: try step(), line: OutputLine(text, isError: isError))
        case .pods:
            let pods = try object.decode([PodProgress].self, forKey: .pods)
            self = .pods(step: try step(), pods: pods, at: try at())
        case .reaching:
            let work = try object.decode(HelmWork.self, forKey: .work)
            self = .reaching(step: try step(), work: work, at: try at())
        case .made:
            let receipt = try object.decode(Receipt.self, forKey: .receipt)
            self = .made(step: try step(), receipt: receipt, at: try at())
        case .finished: self = .finished(step: try step(), at: try at())
        case .failed: self = .failed(step: try step(), failure: try failure(), at: try at())
        case .interrupted: self = .interrupted(step: try step(), at: try at())
        case .undoing: self = .undoing(step: try step(), at: try at())
        case .undone: self = .undone(step: try step(), at: try at())
        case .undoFailed: self = .undoFailed(step: try step(), failure: try failure(), at: try at())
        case .ended: self = .ended(at: try at())
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        func put(_ kind: Kind, step: Step.ID? = nil, failure: InstallerError? = nil, at time: Date? = nil)
            throws
        {
            try object.encode(kind, forKey: .event)
            try object.encodeIfPresent(step, forKey: .step)
            try object.encodeIfPresent(failure, forKey: .failure)
            try object.encodeIfPresent(time?.formatted(Self.time), forKey: .at)
        }
        switch self {
        case .began(let plan, let time):
            try put(.began, at: time)
            try object.encode(plan, forKey: .plan)
        case .printed(let step, let line):
            try put(.printed, step: step)
            try object.encode(line.text, forKey: .text)
            try object.encode(line.isError ? Stream.error : .output, forKey: .stream)
        case .pods(let step, let pods, let time):
            try put(.pods, step: step, at: time)
            try object.encode(pods, forKey: .pods)
        case .started(let step, let time): try put(.started, step: step, at: time)
        case .reaching(let step, let work, let time):
            try put(.reaching, step: step, at: time)
            try object.encode(work, forKey: .work)
        case .made(let step, let receipt, let time):
            try put(.made, step: step, at: time)
            try object.encode(receipt, forKey: .receipt)
        case .finished(let step, let time): try put(.finished, step: step, at: time)
        case .failed(let step, let failure, let time):
            try put(.failed, step: step, failure: failure, at: time)
        case .interrupted(let step, let time): try put(.interrupted, step: step, at: time)
        case .undoing(let step, let time): try put(.undoing, step: step, at: time)
        case .undone(let step, let time): try put(.undone, step: step, at: time)
        case .undoFailed(let step, let failure, let time):
            try put(.undoFailed, step: step, failure: failure, at: time)
        case .ended(let time): try put(.ended, at: time)
        }
    }

    /// The event as one line of JSON, its keys in alphabetical order, so that the time comes first.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // It consists of text, numbers and lists, so encoding cannot fail.
        guard let data = try? encoder.encode(self) else { return "{}" }
        return VisibleText(json: String(decoding: data, as: UTF8.self)).description
    }

    /// - Throws: where the line is not a complete event.
    init(json line: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(RunEvent.self, from: Data(line))
    }
}
