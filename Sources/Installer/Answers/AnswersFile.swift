import FoundationEssentials

/// An answers file: a JSON object from field ids to values. It never holds a secret.
public struct AnswersFile: Equatable, Sendable {
    /// In bytes. A complete file is a few kilobytes.
    static let sizeLimit = 1_000_000
    /// A list in an object has two levels; decoding time increases with each level.
    static let depthLimit = 16

    public let path: String
    /// The answers as text, by the field's id.
    public private(set) var texts: [Field.ID: String] = [:]
    /// The pages that the wizard shows; nil: all of them.
    public private(set) var pages: Set<Form.ID>?
    /// The errors of the file itself.
    public private(set) var problems: [AnswerError] = []

    /// Parses the text of a file. Errors are collected, not thrown, so that all of them are reported together.
    public init(path: String, contents: Data) {
        self.path = path
        guard !contents.isEmpty else {
            refuse("is empty; it must be a JSON object of settings")
            return
        }
        guard contents.count <= Self.sizeLimit else {
            refuse("is larger than \(Self.sizeLimit) bytes; it must be a JSON object of settings")
            return
        }
        guard JSONNesting(of: contents).depth <= Self.depthLimit else {
            refuse(
                "is nested more than \(Self.depthLimit) levels deep; it must be a JSON object of settings")
            return
        }
        let object: [String: JSONValue]
        do { object = try JSONDecoder().decode([String: JSONValue].self, from: contents) } catch {
            refuse(error)
            return
        }
        for key in TopLevelKeys(of: contents).repeated {
            problems.append(
                AnswerError(field: key, origin: "\"\(key)\" in \(path)", message: "duplicate key"))
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) { take(value, for: key) }
    }

    /// Keys that are not answers.
    enum Key {
        /// The pages that the wizard shows.
        static let interactive = "interactive"
        /// The schema of the file, for editors.
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
                    field: key, origin: origin, message: "unknown key",
                    example: nearest(to: key, in: Field.all.map(\.id) + [Key.interactive])))
            return
        }
        guard let text = value.answer(to: field.kind) else {
            problems.append(
                AnswerError(
                    field: key, origin: origin,
                    message: "is \(value.kind); it must be \(field.kind.jsonForm)",
                    example: field.example))
            return
        }
        texts[key] = text
    }

    /// The decoder does not report the position of a syntax error.
    private mutating func refuse(_ error: any Error) {
        guard case DecodingError.typeMismatch(_, let context) = error else {
            return refuse("is not valid JSON; to find the error, run `jq . \(path.shellQuoted)`")
        }
        guard let key = context.codingPath.first?.stringValue else { return refuse("is not a JSON object") }
        // A number that is too large, or a text that is not UTF-8.
        problems.append(
            AnswerError(
                field: key, origin: "\"\(key)\" in \(path)", message: "has an invalid value",
                example: Field.named(key)?.example))
    }

    private mutating func refuse(_ message: String) {
        problems.append(
            AnswerError(
                field: "answers", origin: path, message: message, example: #"{"namespace": "buildkit"}"#))
    }
}

extension AnswersFile {
    /// The answers file with these answers, in the order of the pages.
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
        case .number: "an integer"
        case .toggle: "true or false"
        case .list, .choices: "a list of strings"
        }
    }

    /// An answer as the JSON value of an answers file.
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
    /// Reads an answers file.
    /// - Throws: ``InstallerError`` where it cannot be read; errors in its contents are collected in ``problems``.
    public init(readingFrom path: String) throws(InstallerError) {
        let contents: Data
        do { contents = try Data(ofInput: path, limit: Self.sizeLimit) } catch {
            throw InstallerError(
                "Cannot read the answers file \(path)", detail: error.reason,
                hint: "Save one on the wizard's review page: buildkit-installer install --dry-run",
                code: .inputUnreadable)
        }
        self.init(path: path, contents: contents)
    }

    /// Reads the settings that an install has saved: a regular file.
    init(savedAt path: String) throws(InstallerError) {
        self.init(path: path, contents: try Data(ofFile: path, limit: Self.sizeLimit))
    }
}

extension AnswersFile {
    /// Saves answers to a file that only the user can read; an existing file is replaced atomically.
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

/// The pages listed by the `interactive` key of an answers file.
struct InteractivePages {
    /// Nil where the list is invalid: the wizard then shows all pages.
    private(set) var pages: Set<Form.ID>?
    private(set) var problems: [AnswerError] = []

    init(_ value: JSONValue, origin: String) {
        let ids = Form.all.map(\.id)
        guard case .array(let names) = value else {
            refuse("is \(value.kind); it must be a list of pages", origin, example: ids.first)
            return
        }
        for name in names {
            guard case .string(let id) = name else {
                refuse("contains \(name.kind); it must contain only page names", origin, example: ids.first)
                continue
            }
            guard !ids.contains(id) else { continue }
            refuse(
                "'\(id)' is not a page; the pages are \(ids.joined(separator: ", "))", origin,
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
