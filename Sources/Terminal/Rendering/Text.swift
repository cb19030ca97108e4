/// Text measured in terminal columns, which are neither bytes nor characters.
public enum Text {
    /// The replacement for an unsupported character.
    static let replacement: Character = "\u{FFFD}"

    /// The width of `text` in one row.
    public static func width(_ text: some StringProtocol) -> Int {
        // A fast path for nearly all texts: each printable ASCII byte is one column.
        isPlain(text) ? text.utf8.count : text.reduce(0) { $0 + width($1) }
    }

    private static func isPlain(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    }

    /// The width of a character. An unsupported one has width one, like its replacement.
    public static func width(_ character: Character) -> Int {
        character.columns ?? 1
    }

    /// One line of external output as plain text: escape sequences are dropped, tabs are expanded to the next eighth
    /// column, other control characters are replaced.
    public static func printable(_ line: some StringProtocol) -> String {
        guard !isPlain(line) else { return String(line) }
        var result = ""
        var column = 0
        var rest = line.unicodeScalars.makeIterator()
        var plain = String.UnicodeScalarView()
        while let scalar = rest.next() {
            switch scalar {
            case "\u{1B}": skipEscapeSequence(&rest)
            case "\u{8}", "\r", "\n": continue
            default: plain.append(scalar)
            }
        }
        for character in String(plain) {
            if character == "\t" {
                let spaces = 8 - column % 8
                result += String(repeating: " ", count: spaces)
                column += spaces
            } else {
                result.append(character.columns == nil ? replacement : character)
                column += width(character)
            }
        }
        return result
    }

    /// Truncated to `columns`, with an ellipsis.
    public static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        return prefix(of: text, columns: columns - 1) + String(Glyphs.unicode.ellipsis)
    }

    /// Exactly `columns` wide: truncated, or padded with spaces.
    public static func pad(_ text: String, to columns: Int) -> String {
        let text = cut(text, to: columns)
        return text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// Rows of at most `columns`, wrapped between words if possible. The indentation of a line is kept on all of its
    /// rows; line breaks in `text` are kept.
    public static func wrap(_ text: String, to columns: Int) -> [String] {
        guard columns > 0 else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            wrap(line: $0, to: columns)
        }
    }

    private static func wrap(line: Substring, to columns: Int) -> [String] {
        guard !isRow(line, columns: columns) else { return [String(line)] }
        let indent = String(line.prefix { $0 == " " }.prefix(columns / 2))
        var rows: [String] = []
        var row = indent
        var isFresh = true
        for word in line.split(separator: " ") {
            if !isFresh, width(row) + 1 + width(word) > columns {
                rows.append(row)
                (row, isFresh) = (indent, true)
            }
            row += isFresh ? String(word) : " " + word
            isFresh = false
            // A word longer than a row is broken at the end of the row; a path after its last slash.
            while width(row) > columns {
                let head = breaking(prefix(of: row, columns: columns))
                // A character wider than the row is kept, to guarantee termination.
                guard !head.isEmpty, head.count > indent.count else { break }
                rows.append(head)
                row = indent + row.dropFirst(head.count)
            }
        }
        return rows + [isFresh ? "" : row]
    }

    /// Whether wrapping would not change a line: a fast path for most lines of a log, which may have thousands.
    private static func isRow(_ line: Substring, columns: Int) -> Bool {
        let space = UInt8(ascii: " ")
        let words = line.utf8.drop { $0 == space }
        guard let last = words.last, last != space, line.utf8.count <= columns,
            line.utf8.count - words.count <= columns / 2, isPlain(line)
        else { return false }
        return !zip(words, words.dropFirst()).contains { $0 == space && $1 == space }
    }

    /// A row of a broken word, without the part that belongs in the next row.
    private static func breaking(_ head: String) -> String {
        guard let slash = head.lastIndex(of: "/") else { return head }
        let part = String(head[...slash])
        return 2 * part.count > head.count ? part : head
    }

    private static func prefix(of text: String, columns: Int) -> String {
        var left = columns
        return String(
            text.prefix { character in
                left -= width(character)
                return left >= 0
            })
    }

    /// The rest of a sequence after ESC: `[` … final byte, `]` … BEL or ESC `\`, or one character.
    private static func skipEscapeSequence(_ rest: inout some IteratorProtocol<Unicode.Scalar>) {
        switch rest.next() {
        case "[":
            while let scalar = rest.next(), !("@"..."~").contains(scalar) {}
        case "]":
            while let scalar = rest.next(), scalar != "\u{7}" {
                guard scalar != "\u{1B}" else {
                    _ = rest.next()
                    return
                }
            }
        default: return
        }
    }
}
