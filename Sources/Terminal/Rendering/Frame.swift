/// A screen content as a value. Pages draw into it, a ``Screen`` shows it, tests compare it, and ``SVGRenderer`` prints
/// it.
public struct Frame: Hashable, Sendable {
    public let size: Size

    /// The position of the terminal's cursor; nil hides it.
    public var cursor: Point?

    /// The areas that react to a click, the last one on top.
    public private(set) var zones: [Zone] = []

    /// An area that reacts to a click. Its meaning is up to the program.
    public struct Zone: Hashable, Sendable {
        public let area: Rect
        public let id: String
    }

    private var cells: [Cell]

    public init(size: Size) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
    }

    /// The cell at a point; a blank outside.
    public subscript(point: Point) -> Cell {
        contains(point) ? cells[index(point)] : .blank
    }

    private func contains(_ point: Point) -> Bool {
        (0..<size.columns).contains(point.column) && (0..<size.rows).contains(point.row)
    }

    private func index(_ point: Point) -> Int {
        point.row * size.columns + point.column
    }
}

// MARK: - Drawing

extension Frame {
    /// Writes one line of text, clipped at the frame's edge and at `limit` columns; returns its width.
    @discardableResult
    public mutating func write(
        _ text: some StringProtocol, at point: Point, style: Style = .plain, limit: Int? = nil
    ) -> Int {
        let end = min(size.columns, limit.map { point.column + max(0, $0) } ?? size.columns)
        var column = point.column
        for character in text {
            let columns = character.columns
            let width = columns ?? 1
            // A combining mark without a base, such as in a line that was cut within a character.
            guard width > 0 else { continue }
            guard column + width <= end else { break }
            put(
                Cell(columns == nil ? Text.replacement : character, width: width, style: style),
                at: Point(column: column, row: point.row))
            column += width
        }
        return column - point.column
    }

    /// Clears an area and sets its style.
    public mutating func fill(_ area: Rect, style: Style = .plain) {
        let blanks = String(repeating: " ", count: area.size.columns)
        for row in 0..<area.size.rows {
            write(blanks, at: Point(column: area.origin.column, row: area.origin.row + row), style: style)
        }
    }

    /// A horizontal line; over the whole width by default.
    public mutating func rule(row: Int, column: Int = 0, columns: Int? = nil, style: Style = .muted) {
        let columns = columns ?? size.columns - column
        let line = String(repeating: Glyphs.unicode.horizontal, count: max(0, columns))
        write(line, at: Point(column: column, row: row), style: style)
    }

    /// The border of an area, with a title in its upper edge.
    public mutating func box(_ area: Rect, title: String = "", style: Style = .muted) {
        guard area.size.columns >= 2, area.size.rows >= 2 else { return }
        let glyphs = Glyphs.unicode
        let right = area.origin.column + area.size.columns - 1
        let bottom = area.origin.row + area.size.rows - 1
        for row in [area.origin.row, bottom] {
            rule(row: row, column: area.origin.column, columns: area.size.columns, style: style)
        }
        for row in area.origin.row...bottom {
            for column in [area.origin.column, right] {
                write(String(glyphs.vertical), at: Point(column: column, row: row), style: style)
            }
        }
        let corners = [
            (glyphs.corners.topLeft, area.origin),
            (glyphs.corners.bottomRight, Point(column: right, row: bottom)),
            (glyphs.corners.topRight, Point(column: right, row: area.origin.row)),
            (glyphs.corners.bottomLeft, Point(column: area.origin.column, row: bottom)),
        ]
        for (corner, point) in corners { write(String(corner), at: point, style: style) }
        guard !title.isEmpty, area.size.columns > 6 else { return }
        let label = " \(Text.cut(title, to: area.size.columns - 6)) "
        write(label, at: Point(column: area.origin.column + 2, row: area.origin.row), style: style)
    }

    /// Draws a part: `draw` gets an empty frame of the area's size, and cannot draw beyond it.
    public mutating func draw(in area: Rect, _ draw: (inout Frame) -> Void) {
        var part = Frame(size: area.size)
        draw(&part)
        place(part, at: area.origin)
    }

    /// Makes an area react to clicks.
    public mutating func mark(_ area: Rect, as id: String) {
        zones.append(Zone(area: area, id: id))
    }

    /// Drops the areas that react to clicks, as below a dialog.
    public mutating func unmarkAll() { zones = [] }

    /// Copies another frame into this one. Its cursor, if it has one, becomes this one's.
    public mutating func place(_ part: Frame, at origin: Point) {
        zones += part.zones.map { Zone(area: $0.area.moved(by: origin), id: $0.id) }
        for row in 0..<part.size.rows {
            for column in 0..<part.size.columns {
                let cell = part[Point(column: column, row: row)]
                guard cell.width > 0 else { continue }
                put(cell, at: Point(column: origin.column + column, row: origin.row + row))
            }
        }
        guard let inner = part.cursor else { return }
        cursor = Point(column: origin.column + inner.column, row: origin.row + inner.row)
    }

    /// One character; ignored if it is not completely inside.
    private mutating func put(_ cell: Cell, at point: Point) {
        let last = Point(column: point.column + cell.width - 1, row: point.row)
        guard contains(point), contains(last) else { return }
        if cell.width == 1, cells[index(point)].width == 1 {
            cells[index(point)] = cell
            return
        }
        // Half of a wide character is invalid: the rest of overwritten wide characters becomes blank.
        uncover(point)
        uncover(last)
        cells[index(point)] = cell
        for covered in 0..<cell.width where covered > 0 {
            cells[index(point) + covered] = Cell(" ", width: 0, style: cell.style)
        }
    }

    private mutating func uncover(_ point: Point) {
        var start = point.column
        while start > 0, self[Point(column: start, row: point.row)].width == 0 { start -= 1 }
        let first = index(Point(column: start, row: point.row))
        for offset in 0..<max(1, cells[first].width) {
            cells[first + offset] = Cell(" ", style: cells[first + offset].style)
        }
    }
}

// MARK: - Reading

extension Frame {
    /// The text: the rows, without trailing spaces.
    public var text: String {
        (0..<size.rows).map(text(row:)).joined(separator: "\n")
    }

    /// The area at a point that reacts to a click.
    public func zone(at point: Point) -> Zone? { zones.last { $0.area.contains(point) } }

    /// One row without trailing spaces; empty outside.
    public func text(row: Int) -> String {
        guard (0..<size.rows).contains(row) else { return "" }
        let line = runs(row: row).map(\.text).joined()
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// Neighbours of the same style, from left to right.
    func runs(row: Int) -> [Stretch] {
        var runs: [Stretch] = []
        for column in 0..<size.columns {
            let cell = cells[row * size.columns + column]
            guard cell.width > 0 else { continue }
            if let last = runs.indices.last, runs[last].style == cell.style {
                runs[last].text.append(cell.character)
                runs[last].columns += cell.width
            } else {
                runs.append(
                    Stretch(
                        column: column, columns: cell.width, text: String(cell.character), style: cell.style))
            }
        }
        return runs
    }

    /// A part of a row with one style.
    struct Stretch: Equatable {
        var column: Int
        var columns: Int
        var text: String
        var style: Style
    }
}

// MARK: - Fitting a screen

extension Frame {
    /// With only characters that a terminal with these glyphs supports.
    func rendered(with glyphs: Glyphs) -> Frame {
        guard glyphs != .unicode else { return self }
        var result = self
        for index in cells.indices where !cells[index].character.isASCII {
            let character = glyphs.substitute(for: cells[index].character)
            guard character != cells[index].character else { continue }
            // With the same width, to keep the layout: a wide character becomes as many question marks.
            for place in index..<index + cells[index].width {
                result.cells[place] = Cell(character, style: cells[index].style)
            }
        }
        return result
    }

    /// Clipped or extended to another size.
    func resized(to size: Size) -> Frame {
        guard size != self.size else { return self }
        var result = Frame(size: size)
        result.place(self, at: Point(column: 0, row: 0))
        if let cursor, !result.contains(cursor) { result.cursor = nil }
        return result
    }
}

/// One cell of a frame.
public struct Cell: Hashable, Sendable {
    /// The character; a space if empty.
    public var character: Character

    /// Its width in columns. 0: covered by the wide character to the left.
    public var width: Int

    public var style: Style

    public init(_ character: Character, width: Int = 1, style: Style = .plain) {
        self.character = character
        self.width = width
        self.style = style
    }

    static let blank = Cell(" ")
}
