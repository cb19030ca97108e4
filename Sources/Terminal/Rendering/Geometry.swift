/// The size of a rectangle, in cells.
public struct Size: Hashable, Sendable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// A position, in cells from the top left corner.
public struct Point: Hashable, Sendable {
    public var column: Int
    public var row: Int

    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}

/// A rectangle of cells: an area of a frame.
public struct Rect: Hashable, Sendable {
    public var origin: Point
    public var size: Size

    public init(column: Int, row: Int, columns: Int, rows: Int) {
        origin = Point(column: column, row: row)
        size = Size(columns: max(0, columns), rows: max(0, rows))
    }

    /// The whole area of this size.
    public init(_ size: Size) {
        self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    public func contains(_ point: Point) -> Bool {
        (origin.column..<origin.column + size.columns).contains(point.column)
            && (origin.row..<origin.row + size.rows).contains(point.row)
    }

    /// The same area with another origin of the coordinates.
    public func moved(by offset: Point) -> Rect {
        Rect(
            column: origin.column + offset.column, row: origin.row + offset.row, columns: size.columns,
            rows: size.rows)
    }

    /// Without a margin on each side.
    public func inset(columns: Int = 0, rows: Int = 0) -> Rect {
        Rect(
            column: origin.column + columns, row: origin.row + rows,
            columns: size.columns - 2 * columns, rows: size.rows - 2 * rows)
    }

    /// The first rows, and the rest.
    public func split(rows: Int) -> (top: Rect, bottom: Rect) {
        let rows = max(0, min(rows, size.rows))
        return (
            Rect(column: origin.column, row: origin.row, columns: size.columns, rows: rows),
            Rect(
                column: origin.column, row: origin.row + rows, columns: size.columns, rows: size.rows - rows)
        )
    }

    /// The first columns, and the rest.
    public func split(columns: Int) -> (left: Rect, right: Rect) {
        let columns = max(0, min(columns, size.columns))
        return (
            Rect(column: origin.column, row: origin.row, columns: columns, rows: size.rows),
            Rect(
                column: origin.column + columns, row: origin.row, columns: size.columns - columns,
                rows: size.rows)
        )
    }
}
