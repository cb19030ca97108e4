import Installer
import Terminal

/// A page as a value: messages change it, it draws itself, and it has no side effects.
protocol Page: Sendable {
    func title(_ context: PageContext) -> String
    /// The available keys, most useful first.
    func hints(_ context: PageContext) -> [KeyHint]
    /// Whether the page currently accepts text, so that letters are not commands.
    func takesText(_ context: PageContext) -> Bool
    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation
    /// Draws the area between header and key bar.
    func draw(into frame: inout Frame, _ context: PageContext)
    /// The columns from which the screen has a pane beside the page; nil: it has none.
    var paneFrom: Int? { get }
    /// What the pane shows: explanations, details, commands, or output.
    func pane(_ context: PageContext, columns: Int) -> [Line]
    /// The help of what has the focus, for the help dialog.
    func help(_ context: PageContext, columns: Int) -> [Line]
    /// The page is left by a jump: what was typed is stored.
    mutating func leave(_ model: inout WizardModel)
}

extension Page {
    func takesText(_ context: PageContext) -> Bool { false }
    var paneFrom: Int? { nil }
    func pane(_ context: PageContext, columns: Int) -> [Line] { [] }
    func help(_ context: PageContext, columns: Int) -> [Line] { [] }
    mutating func leave(_ model: inout WizardModel) {}
}

/// The context for drawing a page.
struct PageContext: Sendable {
    let model: WizardModel
    let guide: WizardFlow
    /// Whether the pane beside the page is shown, so that the page itself leaves its content out.
    var hasPane = false
}

extension PageContext {
    /// The detected state of one of several options.
    func found(of option: Field.Alternative, for field: Field) -> String? {
        guard case .choices = field.kind else { return nil }
        return model.facts.proposals(for: field.id, with: model.answers).first { $0.value == option.value }?
            .reason
    }

    /// What an empty field stands for: the value with its origin in brackets, or what decides it while that is not
    /// known.
    func meaningWhenEmpty(of field: Field) -> String? { valueWhenEmpty(of: field) ?? field.emptyMeaning }

    private func valueWhenEmpty(of field: Field) -> String? {
        let facts = model.facts
        // A value that is set must not be taken for the one that applies without it.
        var answers = model.named
        try? field.store("", in: &answers)
        switch field.id {
        case Field.sans.id: return "\(answers.names.map { "\($0)" }.joined(separator: ", ")) (auto)"
        case Field.endpoint.id: return AddressNotes(answers, facts).endpoint.map { "\($0) (auto)" }
        case Field.servername.id: return AddressNotes(answers, facts).automaticName
        case Field.nodePort.id:
            let used = facts.service.value?.flatMap { $0.type == "NodePort" ? $0.nodePort : nil }
            return used.map { "\($0) (of the existing Service)" }
        case Field.certs.id: return "\(guide.ownCertificates(model)) (default)"
        case Field.storageClass.id:
            let preset = facts.storageClasses.value?.first { $0.isDefault }
            return preset.map { "\($0.name) (cluster default)" }
        case Field.security.id: return bestProfile.map { "\($0.profile.rawValue) (\($0.reason))" }
        case Field.image.id where (answers.security ?? bestProfile?.profile) == .rootless:
            // The chart appends the suffix that the profile needs.
            return field.emptyMeaning?.replacing(Chart.appVersion, with: "\(Chart.appVersion)-rootless")
        default: return nil
        }
    }

    /// The security profile where none is set; nil while the nodes have not been read.
    private var bestProfile: (profile: SecurityProfile, reason: String)? {
        guard model.facts.server.value != nil, !model.facts.nodes.isPending else { return nil }
        return SecurityProfile.recommended(by: model.facts)
    }
}
