/// Text that may be shown: whatever could act on a terminal, or deceive who reads it, is spelled out.
///
/// Names, messages and files come from tools, from the cluster and from other people. An escape sequence in them
/// would be obeyed by a terminal, a line break would let one line pass for two, and a bidirectional control would
/// show it in another order than it has. `less` spells these as here: `^[`, `<U+202E>`.
public struct VisibleText: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Text of several lines; its line feeds and tabs stay.
    public init(_ text: some StringProtocol) {
        description = Self.spelled(text) { $0 != "\n" && $0 != "\t" }
    }

    /// Text of one line, which stays one.
    public init(line text: some StringProtocol) {
        description = Self.spelled(text) { $0 != "\t" }
    }

    /// A JSON text. What must be spelled out can only stand in its strings, where JSON has its own way to do so.
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
    /// As it may be shown in one line.
    public var visibleLine: String { VisibleText(line: self).description }
    /// As it may be shown; it may have several lines.
    public var visible: String { VisibleText(self).description }
}

extension Unicode.Scalar {
    /// Whether it is shown by doing something, and not as a sign.
    var actsOnTerminal: Bool {
        if value < 0x7f { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        // Scripts and emoji need the joiners, and a soft hyphen only says where a word may be broken.
        case .format: return !["\u{200C}", "\u{200D}", "\u{AD}"].contains(self)
        default: return false
        }
    }

    /// `^[` for a control character of ASCII, `<U+202E>` for the others.
    fileprivate var spelling: String {
        if value < 0x80 { return "^\(Self(UInt8(value) ^ 0x40))" }
        return "<U+\(hexadecimal(value))>"
    }

    /// `\u202e`, in two parts beyond the first 65536.
    fileprivate var jsonEscape: String { String(self).utf16.map { "\\u\(hexadecimal(UInt32($0)))" }.joined() }

    private func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
