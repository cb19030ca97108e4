import Installer
import Terminal

/// The rows of a form: labels in one column, values in another, what is wrong below the field it is about.
struct FormLayout {
    private(set) var lines: [Line] = []
    /// The row that has the focus.
    private(set) var focus = 0
    private(set) var cursor: Point?

    private let page: FormPage
    private let context: Context
    private var model: Model { context.model }
    private let columns: Int
    private let label: Int

    private static let pointer = Line("\(Glyphs.unicode.pointer) ", .accent)

    init(_ page: FormPage, _ context: Context, columns: Int, hasIntro: Bool) {
        self.page = page
        self.context = context
        self.columns = columns
        let fields = page.form.fields(asked: context.model.answers)
        let remarks = page.form.remarks(context.model.answers, context.model.facts)
        let names = fields.map(\.label) + remarks.map(\.subject)
        label = min(names.map(Text.width).max() ?? 0, columns * 2 / 5) + 2
        if hasIntro { lines = Line.wrap(page.form.intro, .muted, columns: columns) + [.empty] }
        for field in fields { add(field, isLast: field.id == fields.last?.id) }
        if !remarks.isEmpty { lines.append(.empty) }
        for remark in remarks { add(remark) }
    }

    /// Where values begin.
    private var indent: Int { 2 + label }
    private var room: Int { max(8, columns - indent - 1) }

    private mutating func add(_ field: Field, isLast: Bool) {
        let isFocused = field.id == page.focus.field
        if isFocused { focus = lines.count }
        let head =
            (isFocused ? Self.pointer : Line("  "))
            + Line(Text.pad(field.label, to: label), isFocused ? .heading : .plain)
        switch field.kind {
        case .choice, .choices: addOptions(of: field, isFocused: isFocused)
        case .toggle:
            let isOn = field.text(in: model.answers) == "yes"
            let mark = Line(
                isOn ? "[\(Glyphs.unicode.done)] yes" : "[ ] no", isFocused ? .focusedChoice : .plain)
            lines.append(head + mark)
        case .text, .path, .number, .list: addValue(of: field, head: head, isFocused: isFocused)
        }
        addProblem(of: field)
        if !field.alternatives.isEmpty, !isLast { lines.append(.empty) }
    }

    private mutating func addOptions(of field: Field, isFocused: Bool) {
        let column = field.alternatives.map { Text.width($0.name) }.max() ?? 0
        for (index, option) in field.alternatives.enumerated() {
            let isHere = isFocused && index == page.focus.option
            if isHere { focus = lines.count }
            let pointer = isHere ? Self.pointer : Line("  ")
            let name = Text.pad(index == 0 ? field.label : "", to: label)
            let margin = pointer + Line(name, isFocused ? .heading : .plain)
            let isChosen = field.isChosen(index, in: model.answers)
            let mark = Line(field.mark(isChosen), isChosen ? .accent : .muted)
            let style = isHere ? Style.focusedChoice : isChosen ? .heading : .plain
            let meaning = context.guide.short(context.found(of: option, for: field) ?? option.help)
            let help = Line(
                "  \(String(repeating: " ", count: column - Text.width(option.name)))\(meaning)", .muted)
            lines.append((margin + mark + Line(option.name, style) + help).cut(to: columns - 1))
        }
    }

    private mutating func addValue(of field: Field, head: Line, isFocused: Bool) {
        let width = field.kind == .number ? min(room, 10) : min(room, 46)
        guard isFocused else {
            let text = page.text(of: field, model.answers)
            let empty = context.meaningWhenEmpty(of: field) ?? ""
            lines.append(
                head
                    + (text.isEmpty
                        ? Line(Text.cut(empty, to: room), .muted) : Line(Text.cut(text, to: room))))
            return
        }
        let (shown, column) = page.editor.visible(columns: width)
        cursor = Point(column: indent + column, row: lines.count)
        lines.append(head + Line(Text.pad(shown, to: width), .focusedField))
    }

    private mutating func addProblem(of field: Field) {
        guard let problem = model.problem(of: field.id) else { return }
        let head = Line(String(repeating: " ", count: indent)) + Line("\(Glyphs.unicode.failed) ", .failure)
        lines += Line.wrap(after: head, problem.sentence, .failure, columns: columns)
    }

    private mutating func add(_ remark: Remark) {
        let head = Line("  " + Text.pad(remark.subject, to: label), .muted)
        lines += Line.wrap(after: head, context.guide.short(remark.text), remark.style, columns: columns)
    }
}

extension Field {
    /// What stands before an option.
    fileprivate func mark(_ isChosen: Bool) -> String {
        guard case .choices = kind else {
            return "\(isChosen ? Glyphs.unicode.current : Glyphs.unicode.pending) "
        }
        return isChosen ? "[\(Glyphs.unicode.done)] " : "[ ] "
    }
}

extension Style {
    /// An option or a switch that has the focus.
    static let focusedChoice = Style.selected
}
