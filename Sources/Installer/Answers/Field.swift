/// One question. It is shown on a page, given as `--<id>`, set as `BUILDKIT_INSTALLER_<ID>` or read from an answers
/// file; in each case the text passes through ``store(_:in:)``.
public struct Field: Identifiable, Sendable {
    public typealias ID = String

    /// The control on a page, and the type of the value in an answers file.
    public enum Kind: Equatable, Sendable {
        case text, path, number, toggle, list
        case choice([Option])
        /// Any number of the options, including none; a list as text.
        case choices([Option])

        /// The options of a choice; empty where any value is valid.
        public var options: [Option] {
            switch self {
            case .choice(let options), .choices(let options): options
            case .text, .path, .number, .toggle, .list: []
            }
        }
    }

    public struct Option: Equatable, Sendable {
        public let value: String
        public let help: String
    }

    public let id: ID
    public let label: String
    public let help: String
    /// Additional help where an installation is created.
    public let installHelp: String?
    public let kind: Kind
    public let example: String
    /// The minimum and maximum of a number, or the number of values in a list; nil where it is unlimited.
    public let range: ClosedRange<Int>?
    /// The meaning of an empty answer; nil where an empty answer is rejected.
    public let emptyMeaning: String?
    private let read: @Sendable (Answers) -> String
    private let write: @Sendable (inout Answers, String) throws(AnswerError) -> Void
    private let condition: @Sendable (Answers) -> String?

    /// - Parameter condition: nil where the question applies, otherwise the reason why it does not.
    init<Value>(
        _ id: ID, _ label: String, _ kind: Kind,
        at path: WritableKeyPath<Answers, Value> & Sendable, _ rule: ValueFormat<Value>, help: String,
        installHelp: String? = nil, emptyMeaning: String? = nil,
        unless condition: @escaping @Sendable (Answers) -> String? = { _ in nil }
    ) {
        self.id = id
        self.label = label
        self.help = help
        self.installHelp = installHelp
        self.kind = kind
        self.emptyMeaning = emptyMeaning
        self.condition = condition
        example = rule.example
        range = rule.range
        read = { rule.print($0[keyPath: path]) }
        write = { answers, text throws(AnswerError) in
            do throws(FormatError) { answers[keyPath: path] = try rule.parse(text) } catch {
                throw AnswerError(field: id, message: error.message, example: error.example)
            }
        }
    }

    /// The answer as text; storing this text again changes nothing.
    public func text(in answers: Answers) -> String { read(answers) }

    /// Validates and stores an answer; throws the reason where it is invalid.
    public func store(_ text: String, in answers: inout Answers) throws(AnswerError) {
        try write(&answers, text.trimmed)
    }

    /// Why the question does not apply to these answers; nil where it applies.
    public func reasonNotApplicable(by answers: Answers) -> String? { condition(answers) }

    /// Whether the question applies to these answers.
    public func isAsked(with answers: Answers) -> Bool { condition(answers) == nil }

    /// The environment variable of the field: `BUILDKIT_INSTALLER_NODE_PORT` for `node-port`.
    public var variable: String {
        "BUILDKIT_INSTALLER_" + id.uppercased().split(separator: "-").joined(separator: "_")
    }
}

/// An invalid answer: the field, the reason, and a valid example.
///
/// It quotes the answer, so it is redacted like the output of a tool: a key that was pasted into a question must not
/// appear in a log.
public struct AnswerError: Error, Equatable, Sendable, Codable {
    /// The id of the field that rejected the answer.
    public var field: String
    /// The source of the answer, as the user wrote it: `--sans`, `BUILDKIT_INSTALLER_SANS`, `"sans" in a.json`.
    public var origin: String?
    public var message: String
    /// A valid value of the field.
    public var example: String?

    public init(field: String, origin: String? = nil, message: String, example: String? = nil) {
        self.field = field.visibleLine
        self.origin = origin?.visibleLine
        self.message = Redactor.of(message).visibleLine
        self.example = example
    }
}

extension AnswerError: CustomStringConvertible {
    public var description: String {
        let subject = origin ?? field
        guard let example else { return "\(subject): \(message)" }
        return "\(subject): \(message); example: '\(example)'"
    }
}
