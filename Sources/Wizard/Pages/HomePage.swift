import Installer
import Terminal

/// The start page: the installations known here, and what can be done with the selected one.
struct HomePage: Page {
    /// An entry, which keeps the cursor while others appear around it.
    enum Entry: Hashable, Sendable {
        case installation(InstallationID)
        case action(Character)
    }

    /// The installations and the actions; only the installations are filtered.
    private(set) var list = FilterList<Entry>()
    private(set) var contexts: Picker?
    private(set) var isCopied = false

    func title(_ context: PageContext) -> String { "BuildKit installer" }

    func takesText(_ context: PageContext) -> Bool { list.isOpen || contexts != nil }

    mutating func leave(_ model: inout WizardModel) {
        contexts = nil
        list.close()
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        if case .key = message { isCopied = false }
        switch message {
        case .copied: isCopied = true
        case .click(let id): return click(id, &model, guide)
        case .key(let key) where contexts != nil: return take(contexts?.handle(key), model, guide)
        case .key(let key) where list.isOpen: move(key, model)
        case .key(let key): return handle(key, &model)
        default: break
        }
        return .stay
    }

    private mutating func handle(_ key: Key, _ model: inout WizardModel) -> Navigation {
        switch key {
        case .enter: return choose(&model)
        case .escape: return .back
        case .character("q"): return .quit
        case .character("x"): contexts = Picker(contextsOf: model)
        case .character("/"): if hasSeveralInstallations(model) { move(key, model) }
        case .character("y"): return endpoint(model).map { .perform(.copy("\($0)")) } ?? .stay
        case .character(let letter): return perform(letter, &model)
        default: move(key, model)
        }
        return .stay
    }

    /// The address that clients dial; nil where it is not known, or where nothing is installed.
    func endpoint(_ model: WizardModel) -> Endpoint? {
        if case .known(.none) = model.facts.release { return nil }
        return AddressNotes(model.answers, model.facts).endpoint
    }

    func hasSeveralInstallations(_ model: WizardModel) -> Bool {
        InstallationList(model).entries.count > 1
    }

    /// The entries in sight.
    func entries(_ model: WizardModel) -> [Entry] {
        let installations = list.shown(of: InstallationList(model).entries) {
            "\($0.id.release) \($0.id.namespace) \($0.id.context)"
        }
        return installations.map { .installation($0.id) } + HomeAction.all(model).map { .action($0.key) }
    }

    /// The cursor, which is on the first action unless it was moved.
    func selection(in entries: [Entry]) -> ListSelection {
        list.selection(in: entries, usual: Self.usual(of: entries))
    }

    private static func usual(of entries: [Entry]) -> Entry? {
        entries.first { if case .action = $0 { true } else { false } }
    }

    func selected(_ model: WizardModel) -> Entry? {
        let entries = entries(model)
        let index = selection(in: entries).index
        return entries.indices.contains(index) ? entries[index] : nil
    }

    private mutating func move(_ key: Key, _ model: WizardModel) {
        let entries = entries(model)
        list.handle(key, in: entries, usual: Self.usual(of: entries))
    }

    private mutating func choose(_ model: inout WizardModel) -> Navigation {
        switch selected(model) {
        case .installation(let id): return .select(id)
        case .action(let key): return perform(key, &model)
        case nil: return .stay
        }
    }

    private func perform(_ key: Character, _ model: inout WizardModel) -> Navigation {
        guard let action = HomeAction.all(model).first(where: { $0.key == key }) else { return .stay }
        model.drop(model.strays)
        return action.goal
    }

    private mutating func click(_ id: String, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        if contexts != nil, let item = id.number(after: "item ") {
            return take(contexts?.choose(item), model, guide)
        }
        let entries = entries(model)
        guard let number = id.number(after: "entry "), entries.indices.contains(number) else { return .stay }
        list.select(entries[number])
        return choose(&model)
    }

    private mutating func take(
        _ result: Picker.Result?, _ model: WizardModel, _ guide: WizardFlow
    ) -> Navigation {
        if result == .open { return .stay }
        contexts = nil
        guard case .chosen(let name) = result, name != guide.contextName(model) else { return .stay }
        return .select(model.installation(in: name))
    }
}
