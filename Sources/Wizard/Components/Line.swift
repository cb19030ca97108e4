import Terminal

/// A row of styled text.
struct Line: Equatable, Sendable {
    private(set) var spans: [Span] = []

    struct Span: Equatable, Sendable {
        var text: String
        var style: Style
    }

    static let empty = Line()

    init() {}

    init(_ text: String, _ style: Style = .plain) {
        spans = [Span(text: text, style: style)]
    }

    var width: Int { spans.reduce(0) { $0 + Text.width($1.text) } }

    var text: String { spans.map(\.text).joined() }

    static func + (left: Line, right: Line) -> Line {
        var line = left
        line.spans += right.spans
        return line
    }

    /// The line, and a right-aligned one that ends at the given column; the first is truncated if they overlap.
    func filled(to columns: Int, with right: Line) -> Line {
        guard right.width > 0 else { return self }
        let room = columns - right.width - 2
        guard room > 0 else { return self }
        let left = cut(to: room)
        return left + Line(String(repeating: " ", count: room - left.width + 2)) + right
    }

    /// Truncated to fit, with an ellipsis.
    func cut(to columns: Int) -> Line {
        var left = columns
        var line = Line()
        for span in spans where left > 0 {
            let text = Text.cut(span.text, to: left)
            line.spans.append(Span(text: text, style: span.style))
            left -= Text.width(text)
            if text != span.text { break }
        }
        return line
    }

    /// Wrapped text, all rows with the same indentation.
    static func wrap(_ text: String, _ style: Style = .plain, columns: Int, indent: Int = 0) -> [Line] {
        let margin = String(repeating: " ", count: min(indent, max(0, columns - 8)))
        return Text.wrap(text, to: max(1, columns - margin.count)).map { Line(margin + $0, style) }
    }

    /// Wrapped text with a prefix on the first row.
    static func wrap(after head: Line, _ text: String, _ style: Style = .plain, columns: Int) -> [Line] {
        let rows = Text.wrap(text, to: max(8, columns - head.width))
        let margin = Line(String(repeating: " ", count: head.width))
        return rows.enumerated().map { ($0 == 0 ? head : margin) + Line($1, style) }
    }
}

extension Frame {
    /// Writes a line of several styles, clipped at the frame's edge.
    mutating func write(_ line: Line, row: Int, column: Int = 0) {
        var column = column
        for span in line.cut(to: size.columns - column).spans {
            column += write(span.text, at: Point(column: column, row: row), style: span.style)
        }
    }

    /// Writes lines, as many as fit.
    mutating func write(_ lines: some Sequence<Line>, row: Int = 0) {
        for (index, line) in lines.enumerated() where row + index < size.rows {
            write(line, row: row + index)
        }
    }

    /// Writes the visible part of a longer text, with arrows at the right edge if there is more.
    mutating func write<Lines: RandomAccessCollection<Line>>(
        _ lines: Lines, in sight: Range<Int>, row: Int = 0
    ) where Lines.Index == Int {
        write(lines[sight.clamped(to: lines.startIndex..<lines.endIndex)], row: row)
        let edge = size.columns - 1
        if sight.lowerBound > 0 {
            write(String(Glyphs.unicode.up), at: Point(column: edge, row: row), style: .muted)
        }
        if sight.upperBound < lines.count {
            write(
                String(Glyphs.unicode.down), at: Point(column: edge, row: row + sight.count - 1),
                style: .muted)
        }
    }
}
