import Installer
import Terminal

/// The start page line by line: what is known, and what can be done, by numbers.
extension AccessibleWizard {
    private enum Goal {
        case run(Workflow)
        case clients, status, doctor, select, quit
    }

    /// Each with the key of the action whose state it shows.
    private static let goals: [(title: String, key: Character?, goal: Goal)] = [
        ("Install or upgrade", "i", .run(.install)), ("Rotate certificates", "r", .run(.rotate)),
        ("List clients", "c", .clients), ("Add a client", nil, .run(.addClient)),
        ("Renew a client", nil, .run(.renewClient)), ("Revoke a client", nil, .run(.revokeClient)),
        ("Sleep", "z", .run(.sleep)), ("Wake", "w", .run(.wake)), ("Status", "t", .status),
        ("Doctor", "d", .doctor), ("Uninstall", "u", .run(.uninstall)),
        ("Select an installation or a context", nil, .select), ("Quit", nil, .quit),
    ]

    /// Asks what to do, until a run was made or the user quits.
    public func runFromHome() async -> WizardOutcome {
        console.line("Shared BuildKit on Kubernetes, secured with mutual TLS.")
        var (home, model) = (self, await lookAround())
        home.describe(model)
        while true {
            console.line()
            Self.list(model, on: console)
            guard let answer = console.ask("Number:") else { return .left }
            guard let number = Int(answer), Self.goals.indices.contains(number - 1) else {
                console.line("Type a number from 1 to \(Self.goals.count).")
                continue
            }
            switch Self.goals[number - 1].goal {
            case .run(let verb):
                let outcome = await home.with(verb).run()
                guard outcome == .left else { return outcome }
            case .clients: home.report(await effects.reports.clients(home.newModel.answers))
            case .status:
                let asked = home.newModel
                home.report(await effects.reports.status(asked.answers, asked.given))
            case .doctor: await home.examine(home.newModel)
            case .select:
                guard let id = home.ask(forOneOf: home.others(model)) else { continue }
                home = home.with(id)
                model = await home.lookAround()
                home.describe(model)
            case .quit: return .left
            }
        }
    }

    private static func list(_ model: WizardModel, on console: AccessibleConsole) {
        let actions = HomeAction.all(model)
        for (index, entry) in goals.enumerated() {
            let state = actions.first { $0.key == entry.key }?.state ?? ""
            console.line("  \(index + 1) \(entry.title)\(state.isEmpty ? "" : ": \(state)")")
        }
    }

    /// Prints what the doctor finds, once all of it is known.
    func examine(_ model: WizardModel) async {
        let findings = Latest<DoctorReport>()
        await effects.reports.examine(model.answers, model.given) { findings.keep($0) }
        if let last = findings.value { report(last) }
    }

    private func report(_ report: some Report) {
        console.line()
        for line in report.lines { console.line(guide.short(line)) }
    }
}

// MARK: - The known state

extension AccessibleWizard {
    /// Reads what the start page of the screen shows.
    private func lookAround() async -> WizardModel {
        var model = newModel
        console.line("Checking the cluster…")
        model.installations = effects.reports.installations()
        model.recall(await effects.recall(model.answers))
        let facts = Latest<Facts>()
        await effects.look(guide.verb, model.answers) { facts.keep($0) }
        model.facts = facts.value ?? model.facts
        return model
    }

    private func describe(_ model: WizardModel) {
        let context = PageContext(model: model, guide: guide)
        console.line("\n\(contextLine(model))")
        console.line("Namespace: \(model.answers.namespace)")
        console.line("Release: \(model.answers.release)")
        let installations = InstallationList(model).entries
        let detected = DetectedState(context)
        if !installations.isEmpty || detected.unread != nil { console.line("\nInstallations") }
        for entry in installations { console.line("  \(entry.sentence)") }
        if let unread = detected.unread { console.line("  \(unread)") }
        if !detected.rows.isEmpty { console.line("\nDetected") }
        for (label, text) in detected.rows { console.line("  \(label): \(text)") }
        for problem in model.strays { console.line("Ignored setting: \(problem)") }
    }
}

// MARK: - Another installation

extension AccessibleWizard {
    /// The other installations, and the other contexts with the namespace and release of the start.
    private func others(_ model: WizardModel) -> [(title: String, id: InstallationID)] {
        let current = model.answers.installation(model.facts)
        let installations = InstallationList(model).entries.filter { $0.id != current }
            .map { (title: $0.sentence, id: $0.id) }
        let contexts = (model.facts.contexts.value?.names ?? []).map { model.installation(in: $0) }
            .filter { $0 != current }.map { (title: "context \($0.context)", id: $0) }
        return installations + contexts
    }

    private func ask(forOneOf others: [(title: String, id: InstallationID)]) -> InstallationID? {
        guard !others.isEmpty else {
            console.line("No other installation or context found.")
            return nil
        }
        console.line()
        for (index, other) in others.enumerated() { console.line("  \(index + 1) \(other.title)") }
        while let answer = console.ask("Number, or Enter to keep the current one:"), !answer.isEmpty {
            if let number = Int(answer), others.indices.contains(number - 1) { return others[number - 1].id }
            console.line("Type a number from 1 to \(others.count).")
        }
        return nil
    }
}
