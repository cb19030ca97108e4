import Installer

/// A place of a form that the focus can be on: a field, or one option of several.
struct FormStop: Equatable, Sendable {
    var field: Field.ID
    var option = 0
}

extension Field {
    /// One value of a choice as a page shows it.
    struct Alternative: Equatable {
        var value: String
        var name: String
        var help: String
    }

    /// What there is to choose from; of a choice, the first one is no answer, where that is one.
    var alternatives: [Alternative] {
        var none: [Alternative] = []
        if case .choice = kind, let whenEmpty {
            none = [Alternative(value: "", name: "automatic", help: whenEmpty)]
        }
        return none + kind.options.map { Alternative(value: $0.value, name: $0.value, help: $0.help) }
    }

    /// The index of the option that is the answer; of several, that of the first.
    func chosen(in answers: Answers) -> Int {
        let text = text(in: answers)
        return alternatives.firstIndex { $0.value == text } ?? 0
    }

    /// Whether an option is the answer, or one of several.
    func isChosen(_ option: Int, in answers: Answers) -> Bool {
        guard case .choices = kind else { return option == chosen(in: answers) }
        return text(in: answers).listed.contains(alternatives[option].value)
    }

    /// The answer with that option, or without it where it is chosen.
    func toggling(_ option: Int, in answers: Answers) -> String {
        alternatives.indices.filter { isChosen($0, in: answers) != ($0 == option) }
            .map { alternatives[$0].value }.joined(separator: ",")
    }

    var stops: [FormStop] {
        let options = alternatives
        return options.isEmpty
            ? [FormStop(field: id)] : options.indices.map { FormStop(field: id, option: $0) }
    }

    /// Whether the answer is typed.
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
