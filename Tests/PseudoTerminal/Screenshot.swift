/// What a terminal shows at one moment: every cell with its look, and the cursor.
public struct Screenshot: Hashable, Sendable {
    /// One place of the screen.
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

    /// A colour, as the program asked for it.
    public enum Colour: Hashable, Sendable {
        case standard
        case index(Int)
        case rgb(red: Int, green: Int, blue: Int)
    }

    /// From top to bottom, each from left to right.
    public var rows: [[Cell]]
    public var cursor: (column: Int, row: Int) { (cursorColumn, cursorRow) }
    public var isCursorVisible: Bool
    /// Whether this is the screen of a full-screen program, which leaves the other one as it was.
    public var isAlternateScreen: Bool

    var cursorColumn: Int
    var cursorRow: Int

    /// The rows without the spaces at their ends.
    public var text: String { rows.indices.map(text(row:)).joined(separator: "\n") }

    public func text(row: Int) -> String {
        let line = rows[row].reduce(into: "") { line, cell in
            if cell.width > 0 { line += cell.text.isEmpty ? " " : cell.text }
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// The cell where `text` begins; nil when no row has it.
    public func cell(of text: String) -> Cell? {
        for row in rows {
            for start in row.indices where row[start].width > 0 {
                let rest = row[start...].filter { $0.width > 0 }.map { $0.text.isEmpty ? " " : $0.text }
                if rest.joined().hasPrefix(text) { return row[start] }
            }
        }
        return nil
    }
}
