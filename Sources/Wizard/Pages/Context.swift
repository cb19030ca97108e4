import Installer

/// What a page draws from.
struct Context: Sendable {
    let model: Model
    let guide: Guide
}

extension Context {
    /// What was found of one of several options.
    func found(of option: Field.Alternative, for field: Field) -> String? {
        guard case .choices = field.kind else { return nil }
        return model.facts.proposals(for: field.id, with: model.answers).first { $0.value == option.value }?
            .reason
    }

    /// What an empty answer stands for; as far as it is known already, in so many words.
    func meaningWhenEmpty(of field: Field) -> String? {
        switch field.id {
        case "sans" where model.answers.sans.isEmpty:
            return model.answers.names.map { "\($0)" }.joined(separator: ", ")
        case "security":
            let best = SecurityProfile.recommended(by: model.facts)
            return model.facts.server.value == nil
                ? field.whenEmpty : "\(best.profile.rawValue), as \(best.reason)"
        default: return field.whenEmpty
        }
    }
}
