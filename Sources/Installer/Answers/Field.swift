/// One question. It is asked on a page, given as `--<id>`, set as `BUILDKIT_INSTALLER_<ID>` or read from an
/// answers file; whichever way it comes, the text passes through ``store(_:in:)``.
public struct Field: Identifiable, Sendable {
    public typealias ID = String

    /// What a page shows the field as, and what an answers file may hold for it.
    public enum Kind: Equatable, Sendable {
        case text, path, number, toggle, list
        case choice([Option])
        /// Any of them, none too; as text a list.
        case choices([Option])

        /// What there is to choose from; nothing where anything may be answered.
        public var options: [Option] {
            switch self {
            case .choice(let options), .choices(let options): options
            case .text, .path, .number, .toggle, .list: []
            }
        }
    }

    /// One value of a choice, with what it means.
    public struct Option: Equatable, Sendable {
        public let value: String
        public let help: String
    }

    public let id: ID
    public let label: String
    public let help: String
    /// What is to be known besides where an installation is made.
    public let installHelp: String?
    public let kind: Kind
    public let example: String
    /// The least and the most of a number, or how many values a list may hold; nil where nothing bounds it.
    public let range: ClosedRange<Int>?
    /// What an empty answer stands for; nil where an empty answer is refused.
    public let emptyMeaning: String?
    private let read: @Sendable (Answers) -> String
    private let write: @Sendable (inout Answers, String) throws(AnswerError) -> Void
    private let condition: @Sendable (Answers) -> String?

    /// - Parameter condition: nil where the question makes sense, else the sentence that says why it does not.
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

    /// The answer as text; storing it again changes nothing.
    public func text(in answers: Answers) -> String { read(answers) }

    /// Takes an answer, or says why not.
    public func store(_ text: String, in answers: inout Answers) throws(AnswerError) {
        try write(&answers, text.trimmed)
    }

    /// Why the question does not arise with these answers; nil where it does.
    public func reasonNotApplicable(by answers: Answers) -> String? { condition(answers) }

    /// Whether the question arises with these answers.
    public func isAsked(with answers: Answers) -> Bool { condition(answers) == nil }

    /// The environment's name for the field: `BUILDKIT_INSTALLER_NODE_PORT` for `node-port`.
    public var variable: String {
        "BUILDKIT_INSTALLER_" + id.uppercased().split(separator: "-").joined(separator: "_")
    }
}

/// One thing that is wrong with an answer: which one, why, and a value that would do.
///
/// It quotes what was answered, so it passes through the same as a tool's words: whoever pastes a key into a question
/// must not find it in a log.
public struct AnswerError: Error, Equatable, Sendable, Codable {
    /// The id of the field that refused.
    public var field: String
    /// Where the answer came from, as the user wrote it: `--sans`, `BUILDKIT_INSTALLER_SANS`, `"sans" in a.json`.
    public var origin: String?
    public var message: String
    /// A value that the field would take.
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
        return "\(subject): \(message), as in '\(example)'"
    }
}
