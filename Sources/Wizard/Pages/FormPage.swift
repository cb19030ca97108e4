import Installer
import Terminal

/// A page of questions, drawn from any ``Form``.
///
/// What is typed goes into the answers as soon as it is one; a refusal is shown when the field is left.
struct FormPage: Page {
    let form: Form
    private(set) var focus: FocusTarget
    private(set) var editor = LineEditor()
    /// The answer that the field with the focus had when it got it.
    private var answerBefore = ""
    /// Texts that are no answers, or not yet.
    private var drafts: [Field.ID: String] = [:]
    private var proposals: Picker?
    /// The line that is kept in sight where nothing has the focus.
    private var line = 0

    init(_ form: Form) {
        self.form = form
        focus = FocusTarget(field: form.fields.first?.id ?? "")
    }

    func title(_ model: WizardModel) -> String { form.title }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard proposals == nil else {
            return [KeyHint("Enter", "take"), KeyHint("↑↓", "move"), KeyHint("Esc", "close")]
        }
        guard let field = focusedField else { return [KeyHint("Enter", "continue"), KeyHint("Esc", "back")] }
        var hints = [KeyHint("Enter", "continue"), KeyHint("Tab", "next field")]
        switch field.kind {
        case .choice where focus.option != field.chosen(in: context.model.answers):
            hints = [KeyHint("Enter", "choose"), KeyHint("Tab", "next field")]
        case .toggle, .choices: hints.insert(KeyHint("Space", "change"), at: 1)
        default: break
        }
        if !offers(context).isEmpty { hints.insert(KeyHint("Ctrl-P", "proposals"), at: 1) }
        return hints + [KeyHint("Esc", "back")]
    }

    func takesText(_ context: PageContext) -> Bool { proposals == nil && focusedField?.isTyped == true }

    /// The user comes to the page: what is wrong gets the focus.
    mutating func enter(_ model: WizardModel) {
        let asked = form.fields(asked: model.answers)
        let wrong = asked.first { model.problem(of: $0.id) != nil }
        let here = asked.first { $0.id == focus.field }
        if let field = wrong ?? here ?? asked.first { go(to: field, model.answers) }
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .key(let key): return handle(key, &model, guide)
        case .paste(let text):
            guard let field = focusedField, field.isTyped, proposals == nil else { return .stay }
            editor.insert(field.kind == .list ? text.linesAsList : text)
            keep(&model)
            return .stay
        default: return .stay
        }
    }

    private var focusedField: Field? { form.fields.first { $0.id == focus.field } }

    private func offers(_ context: PageContext) -> [Suggestion] {
        guard let field = focusedField, field.isTyped else { return [] }
        return context.model.facts.proposals(for: field.id, with: context.model.answers)
    }
}

// MARK: - Keys

extension FormPage {
    private mutating func handle(_ key: Key, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        guard let field = focusedField else { return read(key) }
        guard proposals == nil else {
            propose(key, field, &model)
            return .stay
        }
        switch key {
        case .escape:
            settle(&model)
            return .back
        case .enter, .control("n"): return proceed(field, isForced: key != .enter, &model)
        case .tab: move(by: 1, wholeFields: true, &model)
        case .backTab: move(by: -1, wholeFields: true, &model)
        case .down: move(by: 1, wholeFields: false, &model)
        case .up: move(by: -1, wholeFields: false, &model)
        case .control("p"):
            let offers = offers(PageContext(model: model, guide: guide))
            let items = offers.map { Picker.Item(value: $0.value, detail: $0.reason) }
            if !items.isEmpty { proposals = Picker(title: field.label, items: items) }
        case .character(" ") where !field.isTyped: change(field, &model)
        case .left where field.kind == .toggle, .right where field.kind == .toggle: change(field, &model)
        default:
            if field.isTyped, editor.handle(key) { keep(&model) }
        }
        return .stay
    }

    /// Where nothing is asked there is only something to read.
    private mutating func read(_ key: Key) -> Navigation {
        switch key {
        case .escape: return .back
        case .enter, .control("n"): return .next
        case .down: line += 1
        case .up: line = max(0, line - 1)
        default: break
        }
        return .stay
    }

    /// Enter: an option that is not chosen is chosen, anything else goes on to the next page if all is well.
    private mutating func proceed(_ field: Field, isForced: Bool, _ model: inout WizardModel) -> Navigation {
        if case .choice = field.kind, focus.option != field.chosen(in: model.answers), !isForced {
            change(field, &model)
            return .stay
        }
        settle(&model)
        let answers = model.answers
        guard let wrong = form.fields(asked: answers).first(where: { model.problem(of: $0.id) != nil }) else {
            return .next
        }
        go(to: wrong, answers)
        return .stay
    }

    private mutating func change(_ field: Field, _ model: inout WizardModel) {
        switch field.kind {
        case .toggle: model.store(field.text(in: model.answers) == "yes" ? "no" : "yes", for: field)
        case .choice:
            guard field.alternatives.indices.contains(focus.option) else { return }
            model.store(field.alternatives[focus.option].value, for: field)
        case .choices: model.store(field.toggling(focus.option, in: model.answers), for: field)
        case .text, .path, .number, .list: return
        }
    }

    private mutating func propose(_ key: Key, _ field: Field, _ model: inout WizardModel) {
        switch proposals?.handle(key) {
        case .open, nil: return
        case .closed: proposals = nil
        case .chosen(let value):
            if field.kind == .list {
                var values = editor.text.listed
                if let index = values.firstIndex(of: value) {
                    values.remove(at: index)
                } else {
                    values.append(value)
                }
                editor.text = values.joined(separator: ",")
            } else {
                editor.text = value
                proposals = nil
            }
            keep(&model)
        }
    }
}

// MARK: - Answers

extension FormPage {
    /// Keeps what was typed; as an answer, where it is one.
    private mutating func keep(_ model: inout WizardModel) {
        guard let field = focusedField else { return }
        drafts[field.id] = editor.text
        var trial = model
        trial.store(editor.text, for: field)
        // Nobody wants to be corrected in the middle of a word; once corrected, one wants to know when it is
        // right.
        let isRefused = trial.refusals.contains { $0.field == field.id }
        let wasRefused = model.refusals.contains { $0.field == field.id }
        if !isRefused || wasRefused { model = trial }
    }

    /// The field is left: its text is an answer, or the reason why not is shown.
    private mutating func settle(_ model: inout WizardModel) {
        guard let field = focusedField, field.isTyped else { return }
        model.store(editor.text, for: field)
        guard !model.refusals.contains(where: { $0.field == field.id }) else {
            // Half of what was typed may have been an answer; nobody meant it.
            model.restore(answerBefore, of: field)
            return
        }
        drafts[field.id] = nil
        editor.text = field.text(in: model.answers)
    }

    private mutating func move(by step: Int, wholeFields: Bool, _ model: inout WizardModel) {
        settle(&model)
        let asked = form.fields(asked: model.answers)
        guard !wholeFields else {
            guard let index = asked.firstIndex(where: { $0.id == focus.field }) else { return }
            go(to: asked[(index + step + asked.count) % asked.count], model.answers)
            return
        }
        let stops = asked.flatMap(\.stops)
        guard let index = stops.firstIndex(of: focus), stops.indices.contains(index + step) else { return }
        let stop = stops[index + step]
        if stop.field == focus.field {
            focus = stop
        } else if let field = Field.named(stop.field) {
            go(to: field, model.answers)
            focus = stop
        }
    }

    private mutating func go(to field: Field, _ answers: Answers) {
        focus = FocusTarget(field: field.id, option: field.chosen(in: answers))
        answerBefore = field.text(in: answers)
        editor.text = drafts[field.id] ?? answerBefore
    }

    private var state: FormState { FormState(form: form, focus: focus, editor: editor, drafts: drafts) }
}

// MARK: - Drawing

extension FormPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let panel = FieldHelp(
            field: focusedField, option: focus.option, offers: offers(context), context: context)
        let help = panel.lines(columns: frame.size.columns, rows: frame.size.rows)
        let room = frame.size.rows - help.count
        var layout = FormRenderer(state, context, columns: frame.size.columns, hasIntro: true)
        if layout.lines.count > room {
            layout = FormRenderer(state, context, columns: frame.size.columns, hasIntro: false)
        }
        let kept = focusedField == nil ? min(line, layout.lines.count - 1) : layout.focus
        let sight = ListSelection(count: layout.lines.count, index: kept).visible(rows: room)
        frame.write(layout.lines, in: sight)
        if let cursor = layout.cursor, sight.contains(cursor.row) {
            frame.cursor = Point(column: cursor.column, row: cursor.row - sight.lowerBound)
        }
        frame.write(help, row: room)
        guard let proposals else { return }
        let isList = focusedField?.kind == .list
        proposals.draw(
            into: &frame, marked: isList ? Set(editor.text.listed) : nil,
            below: layout.focus - sight.lowerBound)
    }
}

extension String {
    /// Pasted lines as the values of a list.
    fileprivate var linesAsList: String { split(whereSeparator: \.isNewline).joined(separator: ",") }
}
