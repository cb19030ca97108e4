import Installer
import Terminal

/// The rows of a form: labels and values in columns, errors below their field.
struct FormRenderer {
    private(set) var lines: [Line] = []
    /// The focused row.
    private(set) var focus = 0
    private(set) var cursor: Point?
    /// What a click on a row means.
    private(set) var zones: [Int: String] = [:]

    private let state: FormState
    private let context: PageContext
    private var model: WizardModel { context.model }
    private let columns: Int
    private let label: Int
    /// Whether an option has as many rows as its text needs.
    private let wrapsOptions: Bool

    private static let pointer = Line("\(Glyphs.unicode.pointer) ", .accent)

    init(
        _ state: FormState, _ context: PageContext, columns: Int, hasIntro: Bool, wrapsOptions: Bool = false
    ) {
        self.state = state
        self.context = context
        self.columns = columns
        self.wrapsOptions = wrapsOptions
        let fields = state.form.fields(asked: context.model.answers)
        let remarks = state.form.remarks(context.model.answers, context.model.facts)
        // All fields, so that the values stay where they are when a field appears.
        let names = state.form.fields.map(\.label) + remarks.map(\.subject)
        label = min(names.map(Text.width).max() ?? 0, columns * 2 / 5) + 2
        if hasIntro { lines = Line.wrap(state.form.intro, .muted, columns: columns) + [.empty] }
        for field in fields { add(field, isLast: field.id == fields.last?.id) }
        if !remarks.isEmpty, !fields.isEmpty { lines.append(.empty) }
        for remark in remarks { add(remark) }
    }

    /// Start of the value column.
    var indent: Int { 2 + label }
    private var room: Int { max(8, columns - indent - 1) }

    private mutating func add(_ field: Field, isLast: Bool) {
        let isFocused = field.id == state.focus.field
        if isFocused { focus = lines.count }
        let head =
            (isFocused ? Self.pointer : Line("  "))
            + Line(Text.pad(field.label, to: label), isFocused ? .heading : .plain)
        zones[lines.count] = "field \(field.id)"
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
            let isHere = isFocused && index == state.focus.option
            if isHere { focus = lines.count }
            let pointer = isHere ? Self.pointer : Line("  ")
            let name = Text.pad(index == 0 ? field.label : "", to: label)
            let margin = pointer + Line(name, isFocused ? .heading : .plain)
            let isChosen = field.isChosen(index, in: model.answers)
            let mark = Line(field.mark(isChosen), isChosen ? .accent : .muted)
            let style = isHere ? Style.focusedChoice : isChosen ? .heading : .plain
            let automatic = option.value.isEmpty ? context.meaningWhenEmpty(of: field) : nil
            let known = context.found(of: option, for: field) ?? automatic
            let meaning = context.guide.short(known ?? option.help)
            let gap = Line(String(repeating: " ", count: column - Text.width(option.name) + 2))
            let rows = self.rows(after: margin + mark + Line(option.name, style) + gap, meaning)
            // A click on any of its rows chooses the option.
            for row in rows.indices { zones[lines.count + row] = "field \(field.id) \(index)" }
            lines += rows
        }
    }

    /// The text of an option behind its name: whole, or cut where the rows or the columns do not suffice.
    private func rows(after head: Line, _ meaning: String) -> [Line] {
        let room = columns - 1
        guard wrapsOptions, room - head.width >= Self.leastText else {
            return [(head + Line(meaning, .muted)).cut(to: room)]
        }
        return Line.wrap(after: head, meaning, .muted, columns: room)
    }

    /// The columns from which a text is wrapped.
    private static let leastText = 16

    private mutating func addValue(of field: Field, head: Line, isFocused: Bool) {
        let width = field.kind == .number ? min(room, 10) : min(room, 46)
        guard isFocused else {
            let text = state.text(of: field, model.answers)
            let empty = context.meaningWhenEmpty(of: field) ?? ""
            lines.append(
                head
                    + (text.isEmpty
                        ? Line(Text.cut(empty, to: room), .muted) : Line(Text.cut(text, to: room))))
            return
        }
        let (shown, column) = state.editor.visible(columns: width)
        cursor = Point(column: indent + column, row: lines.count)
        lines.append(head + Line(Text.pad(shown, to: width), .focusedField))
    }

    private mutating func addProblem(of field: Field) {
        guard let problem = model.problem(of: field.id) else { return }
        let head = Line(String(repeating: " ", count: indent)) + Line("\(Glyphs.unicode.failed) ", .failure)
        lines += Line.wrap(after: head, problem.sentence, .failure, columns: columns)
    }

    private mutating func add(_ remark: FormNote) {
        let mark = remark.mark
        let sign = mark.map { Line("\($0.symbol) ", $0.style) } ?? Line("  ")
        lines += Line.wrap(
            after: sign + Line(Text.pad(remark.subject, to: label), .muted),
            context.guide.short(remark.text), mark?.style ?? remark.style, columns: columns)
    }
}

extension Field {
    /// The mark before an option.
    fileprivate func mark(_ isChosen: Bool) -> String {
        guard case .choices = kind else {
            return "\(isChosen ? Glyphs.unicode.current : Glyphs.unicode.pending) "
        }
        return isChosen ? "[\(Glyphs.unicode.done)] " : "[ ] "
    }
}

extension Style {
    /// A focused option or toggle.
    static let focusedChoice = Style.selected
}

/// The state of a form page: fields, focus, and typed text that is not yet valid.
struct FormState {
    let form: Form
    let focus: FocusTarget
    let editor: LineEditor
    let drafts: [Field.ID: String]

    /// The text of a field without focus.
    func text(of field: Field, _ answers: Answers) -> String {
        drafts[field.id] ?? field.typedText(in: answers)
    }
}

/// A focusable element of a form: a field, or one of its options.
struct FocusTarget: Equatable, Sendable {
    var field: Field.ID
    var option = 0
}

extension Field {
    /// One option of a choice, as shown on a page.
    struct Alternative: Equatable {
        var value: String
        var name: String
        var help: String
    }

    /// The options; of a choice, the first one is the empty value, if it is valid.
    var alternatives: [Alternative] {
        var none: [Alternative] = []
        if case .choice = kind, let emptyMeaning {
            none = [Alternative(value: "", name: "automatic", help: emptyMeaning)]
        }
        return none + kind.options.map { Alternative(value: $0.value, name: $0.value, help: $0.help) }
    }

    /// The index of the selected option; of several, that of the first.
    func chosen(in answers: Answers) -> Int {
        let text = text(in: answers)
        return alternatives.firstIndex { $0.value == text } ?? 0
    }

    /// Whether an option is selected.
    func isChosen(_ option: Int, in answers: Answers) -> Bool {
        guard case .choices = kind else { return option == chosen(in: answers) }
        return text(in: answers).listed.contains(alternatives[option].value)
    }

    /// The value with that option toggled.
    func toggling(_ option: Int, in answers: Answers) -> String {
        alternatives.indices.filter { isChosen($0, in: answers) != ($0 == option) }
            .map { alternatives[$0].value }.joined(separator: ",")
    }

    var stops: [FocusTarget] {
        let options = alternatives
        return options.isEmpty
            ? [FocusTarget(field: id)] : options.indices.map { FocusTarget(field: id, option: $0) }
    }

    /// Whether the value is typed.
    var isTyped: Bool {
        switch kind {
        case .text, .path, .number, .list: true
        case .toggle, .choice, .choices: false
        }
    }
}

extension String {
    /// Values of a list answer.
    var listed: [String] {
        split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }
}
