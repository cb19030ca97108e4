import Installer
import Terminal

/// One screenful as a value: messages change it, it draws itself, and it performs nothing.
protocol Page: Sendable {
    func title(_ model: WizardModel) -> String
    /// The keys that do something now, the most useful first.
    func hints(_ context: PageContext) -> [KeyHint]
    /// Whether letters are typed into the page just now, so that they are no commands.
    func takesText(_ context: PageContext) -> Bool
    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation
    /// Draws what is between the head and the foot of the screen.
    func draw(into frame: inout Frame, _ context: PageContext)
}

extension Page {
    func takesText(_ context: PageContext) -> Bool { false }
}

/// What a page draws from.
struct PageContext: Sendable {
    let model: WizardModel
    let guide: WizardFlow
}

extension PageContext {
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
                ? field.emptyMeaning : "\(best.profile.rawValue), as \(best.reason)"
        default: return field.emptyMeaning
        }
    }
}
