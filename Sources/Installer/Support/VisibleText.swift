/// Text that is safe to display: characters that act on a terminal or deceive the reader are spelled out.
///
/// Names, messages and files come from tools, from the cluster and from other people. A terminal would execute an
/// escape sequence in them, a line break would make one line look like two, and a bidirectional control would change
/// the displayed order. `less` uses the same spelling: `^[`, `<U+202E>`.
public struct VisibleText: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Text of several lines; its line feeds and tabs are kept.
    public init(_ text: some StringProtocol) {
        description = Self.spelled(text) { $0 != "\n" && $0 != "\t" }
    }

    /// Text of a single line.
    public init(line text: some StringProtocol) {
        description = Self.spelled(text) { $0 != "\t" }
    }

    /// A JSON text. Characters to spell out only occur in its strings, where JSON has its own escapes.
    public init(json text: some StringProtocol) {
        description = Self.mapped(text) {
            $0.actsOnTerminal && $0 != "\n"
        } to: {
            $0.jsonEscape
        }
    }

    private static func spelled(
        _ text: some StringProtocol, _ counts: (Unicode.Scalar) -> Bool
    ) -> String {
        mapped(text) {
            $0.actsOnTerminal && counts($0)
        } to: {
            $0.spelling
        }
    }

    private static func mapped(
        _ text: some StringProtocol, _ isMapped: (Unicode.Scalar) -> Bool,
        to other: (Unicode.Scalar) -> String
    ) -> String {
        guard text.unicodeScalars.contains(where: isMapped) else { return String(text) }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isMapped(scalar) {
                out.append(contentsOf: other(scalar).unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }
}

extension StringProtocol {
    /// The text in one safe line.
    public var visibleLine: String { VisibleText(line: self).description }
    /// The safe text; it may have several lines.
    public var visible: String { VisibleText(self).description }
}

extension Unicode.Scalar {
    /// Whether displaying it has an effect instead of showing a character.
    var actsOnTerminal: Bool {
        if value < 0x7f { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        // Scripts and emoji need the joiners, and a soft hyphen only marks where a word may be broken.
        case .format: return !["\u{200C}", "\u{200D}", "\u{AD}"].contains(self)
        default: return false
        }
    }

    /// `^[` for a control character of ASCII, `<U+202E>` for other characters.
    fileprivate var spelling: String {
        if value < 0x80 { return "^\(Self(UInt8(value) ^ 0x40))" }
        return "<U+\(hexadecimal(value))>"
    }

    /// `\u202e`; a surrogate pair for code points above U+FFFF.
    fileprivate var jsonEscape: String { String(self).utf16.map { "\\u\(hexadecimal(UInt32($0)))" }.joined() }

    private func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
