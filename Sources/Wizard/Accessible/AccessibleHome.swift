import Installer

/// The start page line by line: what can be done, by numbers.
extension AccessibleWizard {
    private enum Goal {
        case run(Workflow)
        case clients, status, doctor, quit
    }

    private static let goals: [(title: String, goal: Goal)] = [
        ("Install or upgrade", .run(.install)), ("Rotate certificates", .run(.rotate)),
        ("List clients", .clients), ("Add a client", .run(.addClient)),
        ("Renew a client", .run(.renewClient)), ("Revoke a client", .run(.revokeClient)),
        ("Sleep", .run(.sleep)), ("Wake", .run(.wake)), ("Status", .status), ("Doctor", .doctor),
        ("Uninstall", .run(.uninstall)), ("Quit", .quit),
    ]

    /// Asks what to do, until a run was made or the user quits.
    public func runFromHome() async -> WizardOutcome {
        console.line("Shared BuildKit on Kubernetes, secured with mutual TLS.")
        while true {
            console.line()
            for (index, entry) in Self.goals.enumerated() { console.line("  \(index + 1) \(entry.title)") }
            guard let answer = console.ask("Number:") else { return .left }
            guard let number = Int(answer), Self.goals.indices.contains(number - 1) else {
                console.line("Type a number from 1 to \(Self.goals.count).")
                continue
            }
            switch Self.goals[number - 1].goal {
            case .run(let verb):
                let outcome = await with(verb).run()
                guard outcome == .left else { return outcome }
            case .clients: report(await effects.reports.clients(start.answers))
            case .status: report(await effects.reports.status(start.answers, Set(start.origins.keys)))
            case .doctor: await examine()
            case .quit: return .left
            }
        }
    }

    /// Prints what the doctor finds, once all of it is known.
    func examine() async {
        let findings = LastFindings()
        await effects.reports.examine(start.answers, Set(start.origins.keys)) { findings.keep($0) }
        if let last = findings.last { report(last) }
    }

    private func report(_ report: some Report) {
        console.line()
        for line in report.lines { console.line(guide.short(line)) }
    }
}
