import FoundationEssentials

/// A file of answers: a JSON object from the fields' ids to their values. It never holds a secret.
public struct AnswersFile: Equatable, Sendable {
    /// More would be a mistake; a full file is a few kilobytes.
    static let sizeLimit = 1_000_000
    /// A list in an object is two levels; a decoder takes ever longer for each more.
    static let depthLimit = 16

    public let path: String
    /// The answers as text, by the field's id.
    public private(set) var texts: [Field.ID: String] = [:]
    /// The pages that the wizard is to ask; nil: all of them.
    public private(set) var pages: Set<Form.ID>?
    /// Everything that is wrong with the file itself.
    public private(set) var problems: [AnswerError] = []

    /// Reads the text of a file. What is wrong is collected, not thrown: all of it is reported at once.
    public init(path: String, contents: Data) {
        self.path = path
        guard contents.count <= Self.sizeLimit else {
            refuse("is larger than \(Self.sizeLimit) bytes; it should be a JSON object of answers")
            return
        }
        guard JSONNesting(of: contents).depth <= Self.depthLimit else {
            refuse(
                "is nested more than \(Self.depthLimit) levels deep; it should be a JSON object of answers")
            return
        }
        let object: [String: JSONValue]
        do { object = try JSONDecoder().decode([String: JSONValue].self, from: contents) } catch {
            refuse("is not a JSON object: \(Self.reason(error))")
            return
        }
        for key in TopLevelKeys(of: contents).repeated {
            problems.append(
                AnswerError(field: key, origin: "\"\(key)\" in \(path)", message: "stands there twice"))
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) { take(value, for: key) }
    }

    /// Keys that are no answers.
    enum Key {
        /// The pages that the wizard is to ask.
        static let interactive = "interactive"
        /// Where an editor finds the schema of the file.
        static let schema = "$schema"
    }

    private mutating func take(_ value: JSONValue, for key: String) {
        let origin = "\"\(key)\" in \(path)"
        switch key {
        case Key.schema: return
        case Key.interactive:
            let choice = InteractivePages(value, origin: origin)
            pages = choice.pages
            problems += choice.problems
            return
        default: break
        }
        guard let field = Field.named(key) else {
            problems.append(
                AnswerError(
                    field: key, origin: origin, message: "is no answer that there is",
                    example: nearest(to: key, in: Field.all.map(\.id) + [Key.interactive])))
            return
        }
        guard let text = value.answer(to: field.kind) else {
            problems.append(
                AnswerError(
                    field: key, origin: origin,
                    message: "is \(value.kind), but should be \(field.kind.jsonForm)",
                    example: field.example))
            return
        }
        texts[key] = text
    }

    private mutating func refuse(_ message: String) {
        problems.append(
            AnswerError(
                field: "answers", origin: path, message: message, example: #"{"namespace": "buildkit"}"#))
    }

    private static func reason(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error else {
            return "its outermost value is another kind"
        }
        return (context.underlyingError.map { "\($0)" } ?? context.debugDescription)
    }
}

extension AnswersFile {
    /// The file that would give these answers, in the order of the pages.
    /// - Parameter texts: the answers by the field's id.
    public static func text(of texts: [Field.ID: String]) -> String {
        let lines = Field.all.compactMap { field in
            texts[field.id].map { "  \(JSONValue.string(field.id).text): \(field.kind.json($0).text)" }
        }
        return lines.isEmpty ? "{}\n" : "{\n\(lines.joined(separator: ",\n"))\n}\n"
    }
}

extension Field.Kind {
    fileprivate var jsonForm: String {
        switch self {
        case .text, .path, .choice: "a string"
        case .number: "a whole number"
        case .toggle: "true or false"
        case .list, .choices: "a list of strings"
        }
    }

    /// An answer as an answers file has it.
    public func json(_ text: String) -> JSONValue {
        switch self {
        case .text, .path, .choice: .string(text)
        case .number: Int(text).map { .number(Double($0)) } ?? .string(text)
        case .toggle: .bool(text == "yes")
        case .list, .choices: .array(text.split(separator: ",").map { .string(String($0)) })
        }
    }
}

extension JSONValue {
    /// The value as a field's text; nil where it is of the wrong type.
    fileprivate func answer(to kind: Field.Kind) -> String? {
        switch (self, kind) {
        case (.string(let text), _): text
        case (.bool(let value), .toggle): value ? "yes" : "no"
        case (.number(let value), .number): Int(exactly: value).map { "\($0)" }
        case (.number(let value), .text): Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case (.array(let values), .list), (.array(let values), .choices):
            values.reduce(into: String?("")) { text, value in
                guard case .string(let word) = value, let soFar = text else { return text = nil }
                text = soFar.isEmpty ? word : "\(soFar),\(word)"
            }
        default: nil
        }
    }
}

extension AnswersFile {
    /// Reads a file of answers.
    /// - Throws: ``InstallerError`` where it cannot be read; what is wrong inside it is collected in ``problems``.
    public init(readingFrom path: String) throws(InstallerError) {
        let contents: Data
        do { contents = try Data(ofInput: path, limit: Self.sizeLimit) } catch {
            throw InstallerError(
                "The answers file \(path) cannot be read", detail: error.reason,
                hint: "The wizard's review page saves one: buildkit-installer install --dry-run",
                code: .inputUnreadable)
        }
        self.init(path: path, contents: contents)
    }
}

extension AnswersFile {
    /// Saves answers to a file that only the user may read; an older one is replaced as a whole.
    /// - Parameters:
    ///   - texts: the answers by the field's id.
    ///   - path: a leading `~` is the home folder.
    public static func save(_ texts: [Field.ID: String], to path: String, home: String) throws(InstallerError)
    {
        let path = path.expanded(home: home)
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(text(of: texts).utf8, to: path)
    }
}

/// The pages that an answers file wants to be asked, as its `interactive` lists them.
struct InteractivePages {
    /// Nil where something is wrong with the list: then the wizard asks everything.
    private(set) var pages: Set<Form.ID>?
    private(set) var problems: [AnswerError] = []

    init(_ value: JSONValue, origin: String) {
        let ids = Form.all.map(\.id)
        guard case .array(let names) = value else {
            refuse("is \(value.kind), but should be a list of pages", origin, example: ids.first)
            return
        }
        for name in names {
            guard case .string(let id) = name else {
                refuse("holds \(name.kind), but should hold names of pages", origin, example: ids.first)
                continue
            }
            guard !ids.contains(id) else { continue }
            refuse(
                "'\(id)' is none of the pages \(ids.joined(separator: ", "))", origin,
                example: nearest(to: id, in: ids))
        }
        if problems.isEmpty { pages = Set(names.compactMap(\.string)) }
    }

    private mutating func refuse(_ message: String, _ origin: String, example: String?) {
        problems.append(
            AnswerError(
                field: AnswersFile.Key.interactive, origin: origin, message: message, example: example))
    }
}
