import Installer

/// Prompts for the settings of a form line by line.
struct AccessibleForm {
    let form: Form
    let guide: WizardFlow
    let console: AccessibleConsole

    /// The user ended the input.
    struct Ended: Error {}

    /// Prompts until all settings are valid and without contradictions.
    func ask(_ model: inout WizardModel) throws(Ended) {
        console.line("\n\(form.title)\n\(form.intro)")
        for field in form.fields where field.isAsked(with: model.answers) { try ask(field, &model) }
        while let problem = contradiction(in: model), let field = Field.named(problem.field) {
            console.line("\(field.label): \(problem.sentence)")
            try ask(field, &model)
        }
        // They follow from the answers; a page without settings has nothing else.
        for note in form.remarks(model.answers, model.facts) { console.line(guide.short(note.sentence)) }
    }

    private func contradiction(in model: WizardModel) -> AnswerError? {
        form.fields(asked: model.answers).lazy.compactMap { model.problem(of: $0.id) }.first
    }

    private func ask(_ field: Field, _ model: inout WizardModel) throws(Ended) {
        if let problem = model.problem(of: field.id) { console.line(problem.sentence) }
        for (index, option) in field.alternatives.enumerated() {
            let automatic = option.value.isEmpty ? meaningWhenEmpty(of: field, model) : nil
            console.line("  \(index + 1) \(option.name): \(automatic ?? option.help)")
        }
        while true {
            guard let answer = console.ask(prompt(field, model)) else { throw Ended() }
            if answer == "?" {
                help(field, model)
                continue
            }
            model.store(text(answer, for: field, model), for: field)
            guard let refusal = model.refusals.first(where: { $0.field == field.id }) else { return }
            console.line(refusal.sentence)
        }
    }

    /// "Namespace [buildkit]:"
    private func prompt(_ field: Field, _ model: WizardModel) -> String {
        let text = field.typedText(in: model.answers)
        let automatic = field.alternatives.first?.name ?? meaningWhenEmpty(of: field, model)
        let shown = text.isEmpty ? automatic ?? "" : text
        return "\(field.label) [\(shown)]:"
    }

    /// The meaning of an input: empty keeps the value, `-` clears it, numbers select options.
    private func text(_ answer: String, for field: Field, _ model: WizardModel) -> String {
        if answer.isEmpty { return field.text(in: model.answers) }
        if answer == "-", field.emptyMeaning != nil { return "" }
        guard case .choices = field.kind else { return value(answer, of: field) }
        return answer.listed.map { value($0, of: field) }.joined(separator: ",")
    }

    private func value(_ word: String, of field: Field) -> String {
        let options = field.alternatives
        if let number = Int(word), options.indices.contains(number - 1) { return options[number - 1].value }
        return options.first { $0.name == word }?.value ?? word
    }

    private func help(_ field: Field, _ model: WizardModel) {
        console.line(form.help(of: field))
        if field.isTyped { console.line("For example: \(field.example)") }
        for proposal in model.facts.proposals(for: field.id, with: model.answers) {
            console.line("Detected: \(proposal.value) (\(proposal.reason))")
        }
        console.line(
            "Press Enter to keep the value in brackets."
                + (meaningWhenEmpty(of: field, model).map { " Type - for the default: \($0)." } ?? ""))
    }

    private func meaningWhenEmpty(of field: Field, _ model: WizardModel) -> String? {
        PageContext(model: model, guide: guide).meaningWhenEmpty(of: field)
    }
}
