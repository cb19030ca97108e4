import Installer

/// What can be done on the start page.
struct HomeAction {
    let key: Character
    let name: String
    /// The state that it shows or changes, in a few words.
    let state: String
    /// Its purpose, in a few words.
    let meaning: String
    /// Its command: `client list`.
    let command: String
    let goal: Navigation
}

extension HomeAction {
    private init(_ verb: Workflow, name: String, state: String) {
        self.init(
            key: Character(verb.key), name: name, state: state, meaning: verb.meaning, command: verb.id,
            goal: .walk(verb))
    }

    /// All of them, the destructive one last.
    static func all(_ model: WizardModel) -> [HomeAction] {
        let facts = model.facts
        let release = facts.release.value ?? nil
        let install =
            facts.release.value.map { $0.map { "\($0.chart), \($0.status)" } ?? "not installed" } ?? ""
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        let days = release == nil ? nil : inventory.entries.filter { $0.use == .server }.map(\.daysLeft).min()
        let clients = facts.clients.value?.count ?? 0
        let changes = [
            HomeAction(.install, name: release == nil ? "Install" : "Install or upgrade", state: install),
            HomeAction(
                .rotate, name: "Rotate certificates",
                state: days.map { $0 < 0 ? "expired" : "expire in \(TimeFormat.days($0))" }
                    ?? Workflow.rotate.meaning),
            HomeAction(
                key: "c", name: "Clients",
                state: clients > 0 ? "\(clients) on this machine; add, renew, revoke" : "add, renew, revoke",
                meaning: "issue, renew and revoke client certificates", command: "client list",
                goal: .show(.clients)),
        ]
        let reports = [
            HomeAction(
                key: "t", name: "Status", state: "health, versions and certificate expiry",
                meaning: "pods, versions, endpoint and certificate expiry", command: "status",
                goal: .showStatus),
            HomeAction(
                key: "d", name: "Doctor", state: "diagnose problems",
                meaning: "test the path of a build, from this machine to the pods", command: "doctor",
                goal: .examine),
        ]
        return changes + (facts.scale.value.map { [scaling($0)] } ?? []) + reports + [
            HomeAction(.uninstall, name: "Uninstall", state: Workflow.uninstall.meaning)
        ]
    }

    /// The change that the state allows.
    private static func scaling(_ state: ScaleState) -> HomeAction {
        let verb: Workflow = state.wanted == 0 ? .wake : .sleep
        return HomeAction(
            verb, name: verb == .wake ? "Wake" : "Sleep", state: "BuildKit is \(state.inWords)")
    }
}
