import Terminal

/// Everything around a page: the header, the list of pages, the pane beside the page, the status line, and the keys.
struct Chrome {
    let layout: Layout
    private var size: Size { layout.size }
    private var margin: Int { layout.margin }

    /// What the header shows.
    struct Header {
        var title: String
        /// Context, namespace and release.
        var target: [String]
        /// Whether the context's name looks like production.
        var isProduction = false
        var isRehearsal = false
        /// The number of the page, and of the last page; nil for a page without a number.
        var position: (page: Int, last: Int)?
    }

    /// One entry of the list of pages.
    struct Entry: Equatable {
        enum State { case done, current, waiting, wrong }

        var title: String
        var state: State
    }

    func draw(
        _ header: Header, pages: [Entry], pane: [Line], status: Line, hints: [KeyHint],
        into frame: inout Frame
    ) {
        draw(header, &frame)
        draw(status: status, &frame)
        draw(pages, &frame)
        draw(pane, &frame)
        draw(hints, &frame)
    }

    func drawTooSmall(into frame: inout Frame) {
        let sentence =
            "Window too small: it has \(size.columns)×\(size.rows) characters; at least "
            + "\(Layout.least.columns)×\(Layout.least.rows) are required."
        frame.write(Line.wrap(sentence, columns: size.columns))
    }
}

// MARK: - Header

extension Chrome {
    private func draw(_ header: Header, _ frame: inout Frame) {
        let columns = size.columns - 2 * margin
        let title = Line(header.title, .title)
        let room = columns - title.width - 3
        frame.write(title.filled(to: columns, with: right(of: header, room: room)), row: 0, column: margin)
        frame.rule(row: 1)
        guard let (page, last) = header.position, last > 0 else { return }
        frame.rule(row: 1, columns: size.columns * page / last, style: .accent)
    }

    /// What does not fit beside the title is left out; production is the last to go.
    private func right(of header: Header, room: Int) -> Line {
        let bullet = Line(" \(Glyphs.unicode.bullet) ", .muted)
        let mark = header.isProduction ? Line(" PRODUCTION ", .danger) : .empty
        let rehearsal = header.isRehearsal ? Line("dry run", .warning) : .empty
        let position = header.position.map { Line("\($0.page) of \($0.last)", .muted) } ?? .empty
        var left = room
        func fits(_ part: Line) -> Bool {
            guard part.width > 0, part.width <= left else { return false }
            left -= part.width + bullet.width
            return true
        }
        let shown = [fits(mark), fits(rehearsal), fits(position)]
        let words = Text.cut(
            header.target.filter { !$0.isEmpty }.joined(separator: " / "), to: max(0, left))
        let target = Text.width(words) > 8 ? Line(words, .muted) : .empty
        let parts = [
            shown[0] ? mark : .empty, target, shown[1] ? rehearsal : .empty, shown[2] ? position : .empty,
        ]
        return parts.filter { $0.width > 0 }.reduce(Line.empty) { $0.width == 0 ? $1 : $0 + bullet + $1 }
    }
}

// MARK: - List of pages and pane

extension Chrome {
    private func draw(_ pages: [Entry], _ frame: inout Frame) {
        guard let area = layout.pages else { return }
        for (index, entry) in pages.enumerated() where index + 1 < area.size.rows {
            let row = area.origin.row + 1 + index
            let line = Line(" \(entry.symbol) ", entry.style) + Line("\(index + 1) \(entry.title)", entry.ink)
            frame.write(line.cut(to: area.size.columns - 1), row: row)
            frame.mark(
                Rect(column: 0, row: row, columns: area.size.columns, rows: 1), as: "page \(index + 1)")
        }
        divide(at: area.size.columns, &frame)
    }

    private func draw(_ pane: [Line], _ frame: inout Frame) {
        guard let area = layout.pane else { return }
        divide(at: area.origin.column, &frame)
        frame.draw(in: area.inset(columns: 2, rows: 1)) {
            $0.write(pane.map { $0.cut(to: area.size.columns - 4) })
        }
    }

    private func divide(at column: Int, _ frame: inout Frame) {
        for row in 2..<size.rows - 2 {
            frame.write(
                String(Glyphs.unicode.vertical), at: Point(column: column, row: row), style: .muted)
        }
    }
}

extension Chrome.Entry {
    fileprivate var symbol: Character {
        switch state {
        case .done: Glyphs.unicode.done
        case .current: Glyphs.unicode.pointer
        case .waiting: " "
        case .wrong: Glyphs.unicode.warning
        }
    }

    fileprivate var style: Style {
        switch state {
        case .done: .success
        case .current: .accent
        case .waiting: .muted
        case .wrong: .warning
        }
    }

    fileprivate var ink: Style { state == .current ? .heading : state == .waiting ? .muted : .plain }
}

// MARK: - Status and keys

extension Chrome {
    /// The status is a part of the rule above the keys, so that it takes no row from the page.
    private func draw(status: Line, _ frame: inout Frame) {
        let row = size.rows - 2
        frame.rule(row: row)
        guard status.width > 0, status.width + 2 * margin + 4 <= size.columns else { return }
        let text = Line(" ") + status + Line(" ")
        frame.write(text, row: row, column: size.columns - margin - text.width)
    }

    /// As many hints as fit, always including the way back and help.
    private func draw(_ hints: [KeyHint], _ frame: inout Frame) {
        let kept = hints.filter { $0.key == "Esc" } + [KeyHint("F1", "help")]
        var left = size.columns - 2 * margin - kept.reduce(-3) { $0 + $1.width + 3 }
        let shown = hints.filter { hint in
            guard hint.key != "Esc", hint.width + 3 <= left else { return false }
            left -= hint.width + 3
            return true
        }
        let row = size.rows - 1
        var column = margin
        for hint in shown + kept {
            frame.mark(Rect(column: column, row: row, columns: hint.width, rows: 1), as: "key \(hint.key)")
            column += frame.write(hint.key, at: Point(column: column, row: row), style: .key) + 1
            column += frame.write(hint.meaning, at: Point(column: column, row: row), style: .muted) + 3
        }
    }
}

/// A key and its function, for the key bar and the help.
struct KeyHint: Equatable, Sendable {
    let key: String
    let meaning: String

    init(_ key: String, _ meaning: String) {
        self.key = key
        self.meaning = meaning
    }

    fileprivate var width: Int { Text.width(key) + 1 + Text.width(meaning) }
}

extension Key {
    /// The key of a hint; nil where a hint names several.
    init?(hint: String) {
        switch hint {
        case "Enter": self = .enter
        case "Esc": self = .escape
        case "Tab": self = .tab
        case "Space": self = .character(" ")
        case "PgDn": self = .pageDown
        case "F1": self = .function(1)
        default:
            if hint.hasPrefix("Ctrl-"), let letter = hint.last {
                self = .control(Character(letter.lowercased()))
            } else if hint.hasPrefix("Alt-"), let letter = hint.last {
                self = .alt(Character(letter.lowercased()))
            } else if hint.count == 1, let letter = hint.first {
                self = .character(letter)
            } else {
                return nil
            }
        }
    }
}
