import MutualTLS

/// Rows of texts as lines with aligned columns.
enum Columns {
    static func lines(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ").trimmed
        }
    }
}

/// A line of a report: its label and its text.
public struct ReportLine: Equatable, Sendable {
    public enum Mark: Sendable {
        case plain, good, warning, bad, muted
        /// A command to type, or advice.
        case hint
    }

    /// Empty: it continues the line above.
    public var label: String
    public var text: String
    public var mark: Mark

    init(_ label: String, _ text: String, _ mark: Mark = .plain) {
        self.label = label.visibleLine
        self.text = text.visibleLine
        self.mark = mark
    }
}

extension [ReportLine] {
    /// As text, with the labels in a column of their own.
    var texts: [String] {
        let width = map(\.label.count).max() ?? 0
        return map { line in
            "  \(line.label)\(String(repeating: " ", count: width - line.label.count))  \(line.text)"
        }
    }
}

/// A result as one value: its lines for people, its JSON for programs.
public protocol Report: Encodable, Sendable {
    /// The kind of report, for programs: "status".
    static var kind: String { get }
    /// The report as text, one line each.
    var lines: [String] { get }
}

extension [String] {
    /// "create, get and patch".
    var inWords: String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) and \(last)"
    }

    /// The first three, and the number of the others.
    public var inShort: String {
        count > 4 ? (prefix(3) + ["\(count - 3) more"]).map { String($0) }.inWords : inWords
    }
}

extension String {
    /// With further lines indented: none stands where a line of this program would.
    public var indentedAfterFirstLine: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
    }
}

extension StringProtocol {
    /// The text without surrounding white space.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

// Names are judged by ASCII only. A range of characters would not work: a letter with a combining mark is within
// "a"..."z" too.

extension UInt8 {
    var isLowerCaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isUpperCaseLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetterOrDigit: Bool { isLowerCaseLetter || isUpperCaseLetter || isDigit }
}

extension Character {
    /// The byte of a single ASCII character; nil for any other, including a line end of two bytes.
    private var byte: UInt8? { utf8.count == 1 ? utf8.first : nil }

    var isLowerCaseLetter: Bool { byte?.isLowerCaseLetter ?? false }
    var isUpperCaseLetter: Bool { byte?.isUpperCaseLetter ?? false }
    var isDigit: Bool { byte?.isDigit ?? false }
    var isLowerCaseLetterOrDigit: Bool { isLowerCaseLetter || isDigit }
    var isLetterOrDigit: Bool { byte?.isLetterOrDigit ?? false }
}

extension String {
    /// Whether it is a host that can be dialled: only a name or an address.
    var isHost: Bool {
        // The reason why it is not one does not matter here.
        // It is dialled as it is, so that it must be in the form that DNS knows.
        guard utf8.allSatisfy({ $0 < 0x80 }), let name = try? SubjectName(self) else { return false }
        if case .dns(let host) = name { return !host.hasPrefix("*") }
        return true
    }
}

extension String {
    /// The sentence as the message of an ``InstallerError``, which has no full stop.
    public var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }

    /// The words as a sentence that another one follows: the words of a tool may end with a question mark.
    var withFullStop: String { last.map { ".?!".contains($0) } == true ? self : "\(self)." }
}
