import Terminal

/// A box with a few lines over the page: help, or a question.
struct Dialog {
    let title: String
    let lines: [Line]

    func draw(into frame: inout Frame) {
        let inner = min(max(lines.map(\.width).max() ?? 0, Text.width(title) + 4), frame.size.columns - 6)
        let rows = min(lines.count, frame.size.rows - 4)
        let box = Area(
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
    static func help(_ hints: [KeyHint], on place: Place) -> Dialog {
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
