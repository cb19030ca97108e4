import Terminal

/// What is around every page: its title, how far along it is, and the keys.
struct Chrome {
    /// The least that can be worked with.
    static let least = Size(columns: 40, rows: 12)

    let size: Size

    var isTooSmall: Bool { size.columns < Chrome.least.columns || size.rows < Chrome.least.rows }

    private var margin: Int { size.columns < 60 ? 1 : 2 }
    private var gap: Int { size.rows < 18 ? 0 : 1 }

    /// What the page draws into.
    var body: Rect {
        Rect(
            column: margin, row: 2 + gap, columns: size.columns - 2 * margin,
            rows: size.rows - 4 - gap)
    }

    /// - Parameters:
    ///   - name: what this is, for who comes back to it later.
    ///   - page: the page's number; 0 for the one that is before all others.
    ///   - last: the highest number.
    func draw(title: String, name: String, page: Int, of last: Int, hints: [KeyHint], into frame: inout Frame)
    {
        head(title, name, page, last, &frame)
        frame.rule(row: size.rows - 2)
        foot(hints, &frame)
    }

    func drawTooSmall(into frame: inout Frame) {
        let sentence =
            "Make the window larger: it has \(size.columns)×\(size.rows) characters, and "
            + "\(Chrome.least.columns)×\(Chrome.least.rows) are needed."
        frame.write(Line.wrap(sentence, columns: size.columns))
    }

    private func head(_ title: String, _ name: String, _ page: Int, _ last: Int, _ frame: inout Frame) {
        let number = page > 0 ? "\(page) of \(last)" : ""
        let right = [size.columns < 60 ? "" : name, number].filter { !$0.isEmpty }.joined(
            separator: " \(Glyphs.unicode.bullet) ")
        let line = Line(title, .title).filled(to: size.columns - 2 * margin, with: Line(right, .muted))
        frame.write(line, row: 0, column: margin)
        frame.rule(row: 1)
        frame.rule(row: 1, columns: size.columns * page / last, style: .accent)
    }

    /// As many hints as fit; the help is always among them.
    private func foot(_ hints: [KeyHint], _ frame: inout Frame) {
        let help = KeyHint("F1", "help")
        var left = size.columns - 2 * margin - width(help)
        let shown = hints.prefix { hint in
            left -= width(hint) + 3
            return left >= 0
        }
        var column = margin
        for hint in shown + [help] {
            column += frame.write(hint.key, at: Point(column: column, row: size.rows - 1), style: .key)
            column += 1
            column += frame.write(
                hint.meaning, at: Point(column: column, row: size.rows - 1), style: .muted)
            column += 3
        }
    }

    private func width(_ hint: KeyHint) -> Int { Text.width(hint.key) + 1 + Text.width(hint.meaning) }
}

/// A key and what it does, for the foot of the screen and for the help.
struct KeyHint: Equatable, Sendable {
    let key: String
    let meaning: String

    init(_ key: String, _ meaning: String) {
        self.key = key
        self.meaning = meaning
    }
}

/// A box with a few lines over the page: help, or a question.
struct Dialog {
    let title: String
    let lines: [Line]

    func draw(into frame: inout Frame) {
        let inner = min(max(lines.map(\.width).max() ?? 0, Text.width(title) + 4), frame.size.columns - 6)
        let rows = min(lines.count, frame.size.rows - 4)
        let box = Rect(
            column: (frame.size.columns - inner - 4) / 2, row: max(0, (frame.size.rows - rows - 2) / 2),
            columns: inner + 4, rows: rows + 2)
        frame.fill(box)
        frame.box(box, title: title, style: .accent)
        frame.draw(in: box.inset(columns: 2, rows: 1)) { $0.write(lines) }
        frame.cursor = nil
    }
}

extension Dialog {
    /// The keys of a page, and those of every page.
    static func help(_ hints: [KeyHint], on place: PageID) -> Dialog {
        let stop = KeyHint("Ctrl-C", place == .progress ? "stop" : "leave")
        let all = hints.filter { $0.key != stop.key } + [stop, KeyHint("Ctrl-L", "draw anew")]
        let column = all.map { Text.width($0.key) }.max() ?? 0
        let lines = all.map { Line(Text.pad($0.key, to: column + 3), .key) + Line($0.meaning) }
        return Dialog(title: "Keys", lines: lines + [.empty, Line("Any key closes this.", .muted)])
    }

    /// Asked before the wizard is left.
    static func leaving(hasBegun: Bool) -> Dialog {
        let keys =
            Line("q", .key) + Line(" leave   ", .muted) + Line("any other key", .key) + Line(" stay", .muted)
        let promise = hasBegun ? "" : " Nothing has been changed."
        return Dialog(title: "Leave", lines: [Line("Leave the installer?\(promise)"), .empty, keys])
    }
}
