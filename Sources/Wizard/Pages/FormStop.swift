import Installer

/// A place of a form that the focus can be on: a field, or one option of a choice.
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

    /// The options of a choice; the first one is no answer, where that is one.
    var alternatives: [Alternative] {
        guard case .choice(let options) = kind else { return [] }
        let none = whenEmpty.map { [Alternative(value: "", name: "automatic", help: $0)] } ?? []
        return none + options.map { Alternative(value: $0.value, name: $0.value, help: $0.help) }
    }

    /// The index of the option that is the answer.
    func chosen(in answers: Answers) -> Int {
        let text = text(in: answers)
        return alternatives.firstIndex { $0.value == text } ?? 0
    }

    var stops: [FormStop] {
        guard case .choice = kind else { return [FormStop(field: id)] }
        return alternatives.indices.map { FormStop(field: id, option: $0) }
    }

    /// Whether the answer is typed.
    var isTyped: Bool {
        switch kind {
        case .text, .path, .number, .list: true
        case .toggle, .choice: false
        }
    }
}
