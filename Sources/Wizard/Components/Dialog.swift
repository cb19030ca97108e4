import Terminal

/// A dialog over the page: help, or a question.
struct Dialog {
    let title: String
    let lines: [Line]
    var reading = Reading()

    /// How far a dialog is read: what it is scrolled to, and the text by which `/` filters its lines.
    struct Reading: Equatable, Sendable {
        fileprivate var scroll = Scroll()
        fileprivate var filter: LineEditor?
    }

    /// The lines that contain what was typed, in either case.
    private var shown: [Line] {
        guard let text = reading.filter?.text.lowercased(), !text.isEmpty else { return lines }
        return lines.filter { $0.text.lowercased().contains(text) }
    }

    /// The rows for the lines: an empty row and the keys are below them.
    private func room(_ size: Size) -> Int { min(lines.count, max(1, size.rows - 6)) }

    /// Draws it with its keys, which stay while the lines scroll. Its size does not depend on the filter.
    func draw(_ keys: Line, into frame: inout Frame) {
        let room = room(frame.size)
        let isLong = room < lines.count
        let text = lines.map(\.width).max() ?? 0
        let inner = min(
            max(text + (isLong ? 2 : 0), keys.width, Text.width(heading) + 4), frame.size.columns - 6)
        let rows = min(room + 2, frame.size.rows - 4)
        let box = Rect(
            column: (frame.size.columns - inner - 4) / 2, row: max(0, (frame.size.rows - rows - 2) / 2),
            columns: inner + 4, rows: rows + 2)
        var scroll = reading.scroll
        scroll.fit(length: shown.count, height: room)
        frame.unmarkAll()
        frame.fill(box)
        frame.box(box, title: heading, style: .accent)
        frame.draw(in: box.inset(columns: 2, rows: 1)) {
            $0.write(shown, in: scroll.visible)
            $0.write(keys, row: rows - 1)
        }
        frame.cursor = nil
    }

    private var heading: String {
        guard let filter = reading.filter else { return title }
        return "\(title) /\(filter.text)" + (shown.isEmpty ? " no match" : "")
    }
}

// MARK: - Help

extension Dialog {
    /// The keys of a page, the global keys, and the help of the focused field.
    static func help(
        _ hints: [KeyHint], on place: PageID, isListed: Bool, subject: [Line], reading: Reading
    ) -> Dialog {
        let stop = KeyHint("Ctrl-C", place == .progress ? "stop" : "quit")
        let jump = isListed ? [KeyHint("Alt-1", "page 1; Alt-2 page 2, and so on")] : []
        let all =
            hints.filter { $0.key != stop.key } + jump + [
                stop, KeyHint("Ctrl-Z", "suspend"), KeyHint("Ctrl-L", "redraw"),
            ]
        let column = all.map { Text.width($0.key) }.max() ?? 0
        let lines = all.map { Line(Text.pad($0.key, to: column + 3), .key) + Line($0.meaning) }
        let about = subject.isEmpty ? [] : [.empty] + subject
        return Dialog(title: "Keys", lines: lines + about, reading: reading)
    }

    /// Scrolls and filters the help.
    /// - Returns: whether it stays open.
    mutating func read(_ key: Key, in size: Size) -> Bool {
        switch key {
        case .enter, .function(1), .control("c"): return false
        case .escape:
            guard reading.filter != nil else { return false }
            reading = Reading()
        case .character("?") where reading.filter == nil, .character("q") where reading.filter == nil:
            return false
        case .character("/") where reading.filter == nil: reading.filter = LineEditor()
        default:
            reading.scroll.fit(length: shown.count, height: room(size))
            if reading.scroll.handle(key) { return true }
            // Other lines are read from their start.
            if reading.filter?.handle(key) == true { reading.scroll = Scroll() }
        }
        return true
    }

    /// The keys of the help itself.
    func keys(in size: Size) -> Line {
        let scrolls = room(size) < lines.count ? [KeyHint("↑↓", "scroll")] : []
        let filters =
            reading.filter == nil
            ? [KeyHint("/", "search"), KeyHint("Esc", "close")]
            : [KeyHint("Esc", "all"), KeyHint("Enter", "close")]
        return Line(scrolls + filters)
    }
}

// MARK: - Questions

extension Dialog {
    /// Confirmation before the wizard is closed.
    static func leaving(hasBegun: Bool) -> Dialog {
        Dialog(title: "Quit", lines: [Line("Quit the installer?\(hasBegun ? "" : " No changes were made.")")])
    }

    /// The keys of that question.
    static let leavingKeys = Line([KeyHint("q", "quit"), KeyHint("any other key", "continue")])
}

extension Line {
    /// The keys of a dialog, beside each other.
    fileprivate init(_ hints: [KeyHint]) {
        self = hints.enumerated().reduce(.empty) { line, hint in
            line + Line(hint.offset == 0 ? "" : "   ") + Line(hint.element.key, .key)
                + Line(" \(hint.element.meaning)", .muted)
        }
    }
}
