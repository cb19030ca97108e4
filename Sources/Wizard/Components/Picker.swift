import Installer
import Terminal

/// A dialog with a list to select from, over the page. `/` filters it while one types.
struct Picker: Equatable, Sendable {
    struct Item: Equatable, Sendable {
        var value: String
        var detail: String
    }

    /// The effect of a key.
    enum Result: Equatable {
        case open, closed
        case chosen(String)
    }

    let title: String
    private let all: [Item]
    /// The items that match the filter, the best first.
    private(set) var items: [Item]
    private var filter: LineEditor?
    private var selection: ListSelection

    init(title: String, items: [Item], chosen: String? = nil) {
        self.title = title
        (all, self.items) = (items, items)
        selection = ListSelection(
            count: items.count, index: items.firstIndex { $0.value == chosen } ?? 0)
    }

    mutating func handle(_ key: Key) -> Result {
        switch key {
        case .control("c"): return .closed
        case .escape:
            guard filter != nil else { return .closed }
            show(nil)
        case .enter: return choose(selection.index)
        case .character(" ") where filter == nil: return choose(selection.index)
        case .character("/") where filter == nil: filter = LineEditor()
        default:
            if selection.handle(key) { return .open }
            guard var text = filter, text.handle(key) else { return .open }
            show(text)
        }
        return .open
    }

    /// Chooses an item by its place among those that match.
    func choose(_ index: Int) -> Result {
        items.indices.contains(index) ? .chosen(items[index].value) : .closed
    }

    private mutating func show(_ text: LineEditor?) {
        filter = text
        let matches = FuzzyMatch.filter(all, by: text?.text ?? "") { $0.value }
        items = matches
        selection = ListSelection(count: matches.count)
    }

    /// - Parameters:
    ///   - marked: the values that are already selected; nil for a single selection.
    ///   - field: where the field's value begins; its row remains visible if there is room.
    func draw(into frame: inout Frame, marked: Set<String>? = nil, below field: Point? = nil) {
        let room = Size(columns: frame.size.columns - 6, rows: frame.size.rows - 2)
        let name = min(all.map { Text.width($0.value) }.max() ?? 0, room.columns)
        let lines = items.map { item in
            let mark = marked.map { $0.contains(item.value) ? "\(Glyphs.unicode.done) " : "  " } ?? ""
            let text = " \(mark)\(Text.pad(item.value, to: name))  \(item.detail)"
            return Text.cut(text, to: room.columns)
        }
        let width = max(lines.map(Text.width).max() ?? 0, Text.width(heading) + 4) + 1
        let rows = selection.visible(rows: room.rows)
        let free = frame.size.rows - rows.count - 2
        let spare = frame.size.columns - width - 2
        let box = Rect(
            // Beside the labels, or over them: parts of them would be riddles.
            column: field.map { $0.column - 2 <= spare ? $0.column - 2 : min(2, spare) } ?? spare / 2,
            row: max(0, min(field.map { $0.row + 1 } ?? free / 2, free)),
            columns: width + 2, rows: rows.count + 2)
        frame.unmarkAll()
        frame.fill(box)
        frame.box(box, title: heading, style: .accent)
        for (row, index) in rows.enumerated() {
            let place = Point(column: box.origin.column + 1, row: box.origin.row + 1 + row)
            frame.write(
                Text.pad(lines[index], to: width), at: place,
                style: index == selection.index ? .selected : .plain)
            frame.mark(
                Rect(column: place.column, row: place.row, columns: width, rows: 1), as: "item \(index)")
        }
        frame.cursor = nil
    }

    private var heading: String {
        guard let filter else { return "\(title) (/ to filter)" }
        return "\(title) /\(filter.text)" + (items.isEmpty ? " no match" : "")
    }
}

extension Picker {
    /// The contexts of the kubeconfig; nil where none is known.
    init?(contextsOf model: WizardModel) {
        guard let known = model.facts.contexts.value, !known.names.isEmpty else { return nil }
        self.init(
            title: "Context",
            items: known.names.map { Item(value: $0, detail: $0 == known.current ? "current" : "") },
            chosen: model.answers.context.isEmpty ? known.current : model.answers.context)
    }
}
