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
