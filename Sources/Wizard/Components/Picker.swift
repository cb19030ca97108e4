import Terminal

/// A box with a list to choose from, over the page.
struct Picker: Equatable, Sendable {
    struct Item: Equatable, Sendable {
        var value: String
        var detail: String
    }

    /// What a key came to.
    enum Result: Equatable {
        case open, closed
        case chosen(String)
    }

    let title: String
    let items: [Item]
    private var selection: ListSelection

    init(title: String, items: [Item], chosen: String? = nil) {
        self.title = title
        self.items = items
        selection = ListSelection(
            count: items.count, index: items.firstIndex { $0.value == chosen } ?? 0)
    }

    mutating func handle(_ key: Key) -> Result {
        switch key {
        case .escape, .control("c"): return .closed
        case .enter, .character(" "):
            guard items.indices.contains(selection.index) else { return .closed }
            return .chosen(items[selection.index].value)
        default:
            _ = selection.handle(key)
            return .open
        }
    }

    /// - Parameters:
    ///   - marked: the values that are taken already; nil where only one can be.
    ///   - row: the row that the choice is for; it stays in sight where there is room for that.
    func draw(into frame: inout Frame, marked: Set<String>? = nil, below row: Int? = nil) {
        let room = Size(columns: frame.size.columns - 6, rows: frame.size.rows - 2)
        let name = min(items.map { Text.width($0.value) }.max() ?? 0, room.columns)
        let lines = items.enumerated().map { index, item in
            let mark = marked.map { $0.contains(item.value) ? "\(Glyphs.unicode.done) " : "  " } ?? ""
            let text = " \(mark)\(Text.pad(item.value, to: name))  \(item.detail)"
            return Text.cut(text, to: room.columns)
        }
        let width = max(lines.map(Text.width).max() ?? 0, Text.width(title) + 4) + 1
        let rows = selection.visible(rows: room.rows)
        let free = frame.size.rows - rows.count - 2
        let box = Rect(
            column: (frame.size.columns - width - 2) / 2,
            row: max(0, min(row.map { $0 + 1 } ?? free / 2, free)),
            columns: width + 2, rows: rows.count + 2)
        frame.fill(box)
        frame.box(box, title: title, style: .accent)
        for (row, index) in rows.enumerated() {
            frame.write(
                Text.pad(lines[index], to: width),
                at: Point(column: box.origin.column + 1, row: box.origin.row + 1 + row),
                style: index == selection.index ? .selected : .plain)
        }
        frame.cursor = nil
    }
}
