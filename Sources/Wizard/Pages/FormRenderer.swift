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

    private static let pointer = Line("\(Glyphs.unicode.pointer) ", .accent)

    init(_ state: FormState, _ context: PageContext, columns: Int, hasIntro: Bool) {
        self.state = state
        self.context = context
        self.columns = columns
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
            zones[lines.count] = "field \(field.id) \(index)"
            let pointer = isHere ? Self.pointer : Line("  ")
            let name = Text.pad(index == 0 ? field.label : "", to: label)
            let margin = pointer + Line(name, isFocused ? .heading : .plain)
            let isChosen = field.isChosen(index, in: model.answers)
            let mark = Line(field.mark(isChosen), isChosen ? .accent : .muted)
            let style = isHere ? Style.focusedChoice : isChosen ? .heading : .plain
            let automatic = option.value.isEmpty ? context.meaningWhenEmpty(of: field) : nil
            let known = context.found(of: option, for: field) ?? automatic
            let meaning = context.guide.short(known ?? option.help)
            let help = Line(
                "  \(String(repeating: " ", count: column - Text.width(option.name)))\(meaning)", .muted)
            lines.append((margin + mark + Line(option.name, style) + help).cut(to: columns - 1))
        }
    }

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
        let head = Line("  " + Text.pad(remark.subject, to: label), .muted)
        lines += Line.wrap(after: head, context.guide.short(remark.text), remark.style, columns: columns)
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

/// Help for the focused field, below the form.
struct FieldHelp {
    let field: Field?
    let option: Int
    let offers: [Suggestion]
    let context: PageContext

    /// The same number of lines for every field, so that the form above does not move.
    func lines(columns: Int, rows: Int) -> [Line] {
        let height = rows >= 18 ? 4 : rows >= 11 ? 3 : 2
        let rule = Line(String(repeating: Glyphs.unicode.horizontal, count: columns), .muted)
        let shown = ([rule] + content(columns: columns)).prefix(height)
        return shown + Array(repeating: .empty, count: height - shown.count)
    }

    /// Everything about the field, for a pane of its own.
    func whole(columns: Int) -> [Line] {
        guard let field else { return [] }
        let origin = "Flag  --\(field.id)"
        let rows = ["Example  \(field.example)", origin, "Variable  \(field.variable)"]
        return [Line(field.label, .heading), .empty] + content(columns: columns) + [.empty]
            + rows.flatMap { Line.wrap($0, .muted, columns: columns) }
    }

    private func content(columns: Int) -> [Line] {
        guard let field else { return [] }
        var lines = Line.wrap(help(of: field), columns: columns)
        if field.isTyped {
            lines.append(offer ?? Line(Text.cut("For example: \(field.example)", to: columns), .muted))
            if let empty = context.meaningWhenEmpty(of: field) {
                lines += Line.wrap("If empty: \(empty).", .muted, columns: columns)
            }
        }
        return lines
    }

    private func help(of field: Field) -> String {
        let meaning = context.guide.verb.form(asking: field.id)?.help(of: field) ?? field.help
        guard field.alternatives.indices.contains(option) else { return meaning }
        let alternative = field.alternatives[option]
        if let found = context.found(of: alternative, for: field) {
            return "\(alternative.name): \(alternative.help). Detected: \(context.guide.short(found))."
        }
        if alternative.value.isEmpty, let empty = context.meaningWhenEmpty(of: field) {
            return "\(meaning) \(alternative.name): \(empty)."
        }
        let found = context.model.facts.proposals(for: field.id, with: context.model.answers)
        let reason = found.first { $0.value == alternative.value }.map { " Recommended: \($0.reason)." } ?? ""
        return "\(meaning) \(alternative.name): \(alternative.help).\(reason)"
    }

    private var offer: Line? {
        guard let first = offers.first else { return nil }
        let more = offers.count > 1 ? ", and \(offers.count - 1) more" : ""
        return Line("Ctrl-P", .key) + Line(" inserts ", .muted) + Line(first.value, .accent)
            + Line(" (\(first.reason))\(more)", .muted)
    }
}

/// The state of a form page: fields, focus, and typed text that is not yet valid.
struct FormState {
    let form: Form
    let focus: FocusTarget
    let editor: LineEditor
    let drafts: [Field.ID: String]

    /// The text of a field without focus.
    func text(of field: Field, _ answers: Answers) -> String { drafts[field.id] ?? field.text(in: answers) }
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
