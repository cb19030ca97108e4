/// The screen of a terminal at one moment: every cell with its style, and the cursor.
public struct Screenshot: Hashable, Sendable {
    /// One cell of the screen.
    public struct Cell: Hashable, Sendable {
        /// Empty where nothing was written, and in the right half of a wide character.
        public var text = ""
        public var width = 1
        public var isBold = false
        public var isUnderlined = false
        public var isReversed = false
        public var foreground = Colour.standard
        public var background = Colour.standard
    }

    /// A colour, as the program requested it.
    public enum Colour: Hashable, Sendable {
        case standard
        case index(Int)
        case rgb(red: Int, green: Int, blue: Int)
    }

    /// From top to bottom, each from left to right.
    public var rows: [[Cell]]
    public var cursor: (column: Int, row: Int) { (cursorColumn, cursorRow) }
    public var isCursorVisible: Bool
    /// Whether this is the alternate screen of a full-screen program, which preserves the main one.
    public var isAlternateScreen: Bool

    var cursorColumn: Int
    var cursorRow: Int

    /// The rows without trailing spaces.
    public var text: String { rows.indices.map(text(row:)).joined(separator: "\n") }

    public func text(row: Int) -> String {
        let line = rows[row].reduce(into: "") { line, cell in
            if cell.width > 0 { line += cell.text.isEmpty ? " " : cell.text }
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// The cell where `text` starts; nil when no row contains it.
    public func cell(of text: String) -> Cell? { places(of: text).first.map { rows[$0.row][$0.column] } }

    /// The place of the last cell where `text` starts: what the key bar says may also be said above it.
    public func lastPlace(of text: String) -> (column: Int, row: Int)? { places(of: text).last }

    private func places(of text: String) -> [(column: Int, row: Int)] {
        rows.indices.flatMap { row in
            rows[row].indices.filter { start in
                guard rows[row][start].width > 0 else { return false }
                let rest = rows[row][start...].filter { $0.width > 0 }
                return rest.map { $0.text.isEmpty ? " " : $0.text }.joined().hasPrefix(text)
            }
            .map { ($0, row) }
        }
    }
}
