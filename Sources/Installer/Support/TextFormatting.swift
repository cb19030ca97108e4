import MutualTLS

/// Rows of texts as lines whose columns stand below each other.
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

/// A line of a report: what it is about, and what there is to say.
public struct ReportLine: Equatable, Sendable {
    public enum Mark: Sendable {
        case plain, good, warning, bad, muted
        /// A line to be typed, or read as a piece of advice.
        case hint
    }

    /// Empty: it goes on with what the line above is about.
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
    /// As text: the labels in a column of their own.
    var texts: [String] {
        let width = map(\.label.count).max() ?? 0
        return map { line in
            "  \(line.label)\(String(repeating: " ", count: width - line.label.count))  \(line.text)"
        }
    }
}

/// What was found out, as one value: a person reads its lines, a program its JSON.
public protocol Report: Encodable, Sendable {
    /// What a program tells it from other reports by: "status".
    static var kind: String { get }
    /// As a person reads it, a line each.
    var lines: [String] { get }
}

extension StringProtocol {
    /// The text without the white space around it.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

// Names are judged by ASCII alone. A range of characters would not do: a letter with a combining mark lies within
// "a"..."z" too.

extension UInt8 {
    var isLowerCaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    var isUpperCaseLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetterOrDigit: Bool { isLowerCaseLetter || isUpperCaseLetter || isDigit }
}

extension Character {
    /// The byte of an ASCII character that is written alone; nil of a line end in two bytes, too.
    private var byte: UInt8? { utf8.count == 1 ? utf8.first : nil }

    var isLowerCaseLetter: Bool { byte?.isLowerCaseLetter ?? false }
    var isUpperCaseLetter: Bool { byte?.isUpperCaseLetter ?? false }
    var isDigit: Bool { byte?.isDigit ?? false }
    var isLowerCaseLetterOrDigit: Bool { isLowerCaseLetter || isDigit }
    var isLetterOrDigit: Bool { byte?.isLetterOrDigit ?? false }
}

extension String {
    /// Whether it is a host that can be dialled: a name or an address, and no more than that.
    var isHost: Bool {
        // Why it is none does not matter to who only looks for one.
        guard let name = try? SubjectName(self) else { return false }
        if case .dns(let host) = name { return !host.hasPrefix("*") }
        return true
    }
}

extension String {
    /// A sentence as the message of an ``InstallerError``, which ends without a full stop.
    public var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
