import Installer
import Terminal

/// A page with the settings of a ``Form``.
///
/// Typed text is stored as soon as it is valid; an error is shown when the field loses the focus.
struct FormPage: Page {
    let form: Form
    private(set) var focus: FocusTarget
    private(set) var editor = LineEditor()
    /// The value of the focused field when it received the focus.
    private var answerBefore = ""
    /// The values that each field had, the oldest first: Alt-P and Alt-N step through them.
    private var history: [Field.ID: [String]] = [:]
    /// Typed texts that are not valid, or not yet.
    private var drafts: [Field.ID: String] = [:]
    private(set) var proposals: Picker?
    private(set) var isCopied = false
    /// The line that is kept visible if nothing has the focus.
    private(set) var line = 0

    init(_ form: Form) {
        self.form = form
        focus = FocusTarget(field: form.fields.first?.id ?? "")
    }

    func title(_ context: PageContext) -> String { form.title }

    func takesText(_ context: PageContext) -> Bool { proposals != nil || focusedField?.isTyped == true }

    /// The page is opened: a field with an error gets the focus.
    mutating func enter(_ model: WizardModel) {
        let asked = form.fields(asked: model.answers)
        let wrong = asked.first { model.problem(of: $0.id) != nil }
        let here = asked.first { $0.id == focus.field }
        if let field = wrong ?? here ?? asked.first { go(to: field, model.answers) }
    }

    /// The page is opened for one of its fields.
    mutating func focus(on id: Field.ID, _ model: WizardModel) {
        guard let field = form.fields(asked: model.answers).first(where: { $0.id == id }) else { return }
        go(to: field, model.answers)
    }

    mutating func leave(_ model: inout WizardModel) {
        proposals = nil
        settle(&model)
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .key(let key):
            isCopied = false
            return handle(key, &model, guide)
        case .click(let id): click(id, &model)
        case .completed(let completion): take(completion, &model)
        case .copied: isCopied = true
        case .paste(let text):
            guard let field = focusedField, field.isTyped, proposals == nil else { return .stay }
            if editor.insert(field.kind == .list ? text.linesAsList : text) {
                keep(&model)
            } else {
                let message = "A field takes up to \(LineEditor.limit) characters; nothing was pasted"
                model.refuse(AnswerError(field: field.id, message: message))
            }
        default: break
        }
        return .stay
    }

    var focusedField: Field? { form.fields.first { $0.id == focus.field } }

    /// The value of the focused field, as it is typed; nil where it is empty.
    func focusedValue(_ answers: Answers) -> String? {
        guard let field = focusedField else { return nil }
        let value = field.isTyped ? editor.text : field.text(in: answers)
        return value.isEmpty ? nil : value
    }

    func offers(_ context: PageContext) -> [Suggestion] {
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
        case .enter: return accept(field, &model)
        case .control("n"): return proceed(&model)
        case .alt("y"): return focusedValue(model.answers).map { .perform(.copy($0)) } ?? .stay
        case .tab:
            if let path = unfinishedPath { return .perform(.complete(path)) }
            move(by: 1, wholeFields: true, &model)
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

    /// A page without settings is read-only.
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

    /// Enter: accepts the field, with the option under the cursor, and goes to the next one; after the last one to the
    /// next page.
    private mutating func accept(_ field: Field, _ model: inout WizardModel) -> Navigation {
        if case .choice = field.kind, focus.option != field.chosen(in: model.answers) {
            change(field, &model)
        }
        guard field.id == form.fields(asked: model.answers).last?.id else {
            settle(&model)
            // A refused value keeps the focus: its error is below it.
            if model.problem(of: field.id) == nil { move(by: 1, wholeFields: true, &model) }
            return .stay
        }
        return proceed(&model)
    }

    /// To the next page, if all settings are valid.
    private mutating func proceed(_ model: inout WizardModel) -> Navigation {
        settle(&model)
        let answers = model.answers
        guard let wrong = form.fields(asked: answers).first(where: { model.problem(of: $0.id) != nil }) else {
            return .next
        }
        go(to: wrong, answers)
        return .stay
    }

    /// Focuses the clicked field; an option is chosen, too.
    private mutating func click(_ id: String, _ model: inout WizardModel) {
        if proposals != nil {
            guard let row = id.number(after: "item "), let field = focusedField else { return }
            return take(proposals?.choose(row), field, &model)
        }
        let words = id.split(separator: " ")
        guard words.first == "field", words.count > 1, let field = Field.named(String(words[1])) else {
            return
        }
        settle(&model)
        if field.id != focus.field { go(to: field, model.answers) }
        if words.count > 2, let option = Int(words[2]) { focus.option = option }
        if words.count > 2 || field.kind == .toggle { change(field, &model) }
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

    /// The path that is being typed; Tab completes it before it leaves the field.
    private var unfinishedPath: String? {
        guard focusedField?.kind == .path, !editor.text.isEmpty, editor.text != answerBefore else {
            return nil
        }
        return editor.text
    }

    private mutating func take(_ completion: PathCompletion, _ model: inout WizardModel) {
        // The user may have typed on.
        guard completion.typed == unfinishedPath, proposals == nil else { return }
        if completion.text != editor.text {
            editor.text = completion.text
            keep(&model)
        } else if completion.matches.count > 1 {
            proposals = Picker(
                title: "Files", items: completion.matches.map { Picker.Item(value: $0, detail: "") })
        } else {
            move(by: 1, wholeFields: true, &model)
        }
    }

    private mutating func propose(_ key: Key, _ field: Field, _ model: inout WizardModel) {
        take(proposals?.handle(key), field, &model)
    }

    private mutating func take(_ result: Picker.Result?, _ field: Field, _ model: inout WizardModel) {
        switch result {
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
    /// Keeps the typed text; stores it as a setting if it is valid.
    private mutating func keep(_ model: inout WizardModel) {
        guard let field = focusedField else { return }
        drafts[field.id] = editor.text
        var trial = model
        trial.store(editor.text, for: field)
        // No error is shown while the user types a new value; after an error, it is updated with each key.
        let isRefused = trial.refusals.contains { $0.field == field.id }
        let wasRefused = model.refusals.contains { $0.field == field.id }
        if !isRefused || wasRefused { model = trial }
    }

    /// The field loses the focus: its text is stored, or the error is shown.
    private mutating func settle(_ model: inout WizardModel) {
        guard let field = focusedField, field.isTyped else { return }
        model.store(editor.text, for: field)
        guard !model.refusals.contains(where: { $0.field == field.id }) else {
            // A prefix of the typed text may have been valid, but was not intended.
            model.restore(answerBefore, of: field)
            return
        }
        drafts[field.id] = nil
        editor.text = field.typedText(in: model.answers)
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
        answerBefore = field.typedText(in: answers)
        if !answerBefore.isEmpty, history[field.id]?.last != answerBefore {
            history[field.id, default: []].append(answerBefore)
        }
        let killed = editor.killed
        editor = LineEditor(drafts[field.id] ?? answerBefore, history: history[field.id] ?? [])
        editor.killed = killed
    }

    var state: FormState { FormState(form: form, focus: focus, editor: editor, drafts: drafts) }
}

extension String {
    /// Pasted lines, as a list of values.
    fileprivate var linesAsList: String { split(whereSeparator: \.isNewline).joined(separator: ",") }
}
