import Installer
import Terminal

/// The wizard line by line, for terminals without a screen and for screen readers.
public struct AccessibleWizard: Sendable {
    let console: AccessibleConsole
    private(set) var guide: WizardFlow
    let effects: EffectHandlers
    private let start: ResolvedAnswers
    private let isRehearsal: Bool
    /// The installation that was selected; nil: that of the start.
    private var selected: InstallationID?

    public init(
        console: AccessibleConsole, guide: WizardFlow, effects: EffectHandlers, start: ResolvedAnswers,
        isRehearsal: Bool = false
    ) {
        self.console = console
        self.guide = guide
        self.effects = effects
        self.start = start
        self.isRehearsal = isRehearsal
    }

    /// A model with the settings of the start, for the selected installation. The size of a window is irrelevant here.
    var newModel: WizardModel {
        var model = WizardModel(start, now: effects.now(), size: Size(columns: 80, rows: 24))
        if let selected { model.select(selected) }
        model.isRehearsal = isRehearsal
        return model
    }

    /// The wizard of another workflow.
    func with(_ verb: Workflow) -> AccessibleWizard {
        var wizard = self
        wizard.guide.verb = verb
        return wizard
    }

    /// The wizard for another installation.
    func with(_ id: InstallationID) -> AccessibleWizard {
        var wizard = self
        wizard.selected = id
        return wizard
    }

    /// Prompts, shows the plan, and runs it after confirmation. The caller reports the result.
    public func run() async -> WizardOutcome {
        // What was typed is kept for another try.
        var model = newModel
        var last: RunSummary?
        while let summary = await runOnce(&model) {
            last = summary
            guard let failure = summary.failure, await isRetried(after: failure, model) else { break }
        }
        // A failure that was left is still the result.
        return last.map { WizardOutcome.finished($0) } ?? .left
    }

    private func isRetried(after failure: InstallerError, _ model: WizardModel) async -> Bool {
        console.line("\n\(guide.short("\(failure)"))")
        while let answer = console.ask("\n1 Try again   2 Doctor   3 Quit:") {
            switch answer {
            case "1": return true
            case "2": await examine(model)
            case "3": return false
            default: console.line("Type 1, 2 or 3.")
            }
        }
        return false
    }

    /// - Returns: the result; nil: nothing was started.
    private func runOnce(_ model: inout WizardModel) async -> RunSummary? {
        do throws(AccessibleForm.Ended) {
            try await begin(&model)
            if start.pages == nil {
                switch try propose(model) {
                case .start(let plan): return await perform(plan, &model)
                case .quit: throw AccessibleForm.Ended()
                case .customize: break
                }
            }
            try await customize(&model)
            return try await decide(&model)
        } catch {
            console.line("\n\(nothingDone(model)).")
            return nil
        }
    }

    /// The context, and whether it looks like production.
    func contextLine(_ model: WizardModel) -> String {
        let name = guide.contextName(model)
        return "Context: \(name.isEmpty ? "none" : name)\(guide.isProduction(model) ? " (PRODUCTION)" : "")"
    }

    /// A run before may have made changes.
    private func nothingDone(_ model: WizardModel) -> String {
        model.hasRun ? "Nothing was started" : "No changes were made"
    }

    /// To the checks, which need only the context.
    private func begin(_ model: inout WizardModel) async throws(AccessibleForm.Ended) {
        console.line("\(guide.verb.heading). Type ? at a prompt for help.")
        for problem in model.strays { console.line("\(problem)") }
        model.drop(model.strays)
        for form in guide.verb.forms where form == .cluster && model.asks(form) {
            try AccessibleForm(form: form, guide: guide, console: console).ask(&model)
        }
        // The checks and the plan need the client.
        if guide.lacksClient(model.answers), let form = guide.verb.form(asking: Field.name.id) {
            try AccessibleForm(form: form, guide: guide, console: console).ask(&model)
        }
        if model.recalledFor != model.answers.installation {
            model.recall(await effects.recall(model.answers))
        }
        console.line("\nChecks")
        await look(&model)
    }

    private func customize(_ model: inout WizardModel) async throws(AccessibleForm.Ended) {
        for form in guide.verb.forms where form != .cluster && model.asks(form) {
            try AccessibleForm(form: form, guide: guide, console: console).ask(&model)
        }
        // Later settings may contradict earlier ones.
        while let problem = model.problems.first(where: { Field.named($0.field) != nil }),
            let form = guide.verb.form(asking: problem.field)
        {
            try AccessibleForm(form: form, guide: guide, console: console).ask(&model)
        }
        guard model.lookedWith != model.answers else { return }
        console.line("\nChecks, re-run with these settings")
        await look(&model)
    }

    private func look(_ model: inout WizardModel) async {
        let checks = AccessibleChecks(guide.verb.checks, model.answers, console: console)
        await effects.look(guide.verb, model.answers) { checks.take($0) }
        model.facts = checks.facts
        model.results = guide.results(model)
        model.lookedWith = model.answers
    }
}

// MARK: - The proposal

extension AccessibleWizard {
    private enum Choice {
        case start(Plan)
        case customize, quit
    }

    /// The proposed run in a few lines, as on the first page of the screen.
    private func propose(_ model: WizardModel) throws(AccessibleForm.Ended) -> Choice {
        let context = PageContext(model: model, guide: guide)
        console.line("\n\(guide.verb.heading)")
        if guide.isProduction(model) { console.line(contextLine(model)) }
        for row in Proposal(context).rows { console.line(row.sentence) }
        let go = isRehearsal ? "Dry run" : guide.verb.title
        while true {
            guard let answer = console.ask("\n1 \(go)   2 Customize   3 Show the plan   4 Quit:")
            else {
                throw AccessibleForm.Ended()
            }
            // Enter alone is no consent: it may have been typed ahead.
            switch answer {
            case "1":
                guard let plan = try plan(model) else { continue }
                return .start(plan)
            case "2": return .customize
            case "3": if let plan = planned(model) { show(plan, model.answers) }
            case "4": return .quit
            default: console.line("Type 1, 2, 3 or 4.")
            }
        }
    }

    /// The plan to start; nil where something prevents it, which is said.
    private func plan(_ model: WizardModel) throws(AccessibleForm.Ended) -> Plan? {
        guard !guide.lacksClient(model.answers) else { return planned(model) }
        if let obstacle = PlanConsent.obstacle(model, guide) {
            console.line(obstacle)
            return nil
        }
        return try isConfirmed(model) ? planned(model) : nil
    }

    /// The plan; nil where there is none, which is said.
    private func planned(_ model: WizardModel) -> Plan? {
        guard !guide.lacksClient(model.answers) else {
            console.line("\nA client name is required.")
            return nil
        }
        do throws(PlanRefusal) { return try guide.plan(model) } catch {
            console.line("\n\(error.failure)")
            return nil
        }
    }

    /// In production, what is destructive needs the release's name.
    private func isConfirmed(_ model: WizardModel) throws(AccessibleForm.Ended) -> Bool {
        guard let question = guide.question(model) else { return true }
        guard let typed = console.ask(question) else { throw AccessibleForm.Ended() }
        let isName = typed == model.answers.release
        if !isName { console.line("Nothing was started.") }
        return isName
    }
}

// MARK: - The plan

extension AccessibleWizard {
    private func decide(_ model: inout WizardModel) async throws(AccessibleForm.Ended) -> RunSummary? {
        guard let plan = planned(model) else {
            console.line("\n\(nothingDone(model)).")
            return nil
        }
        show(plan, model.answers)
        guard isRehearsal || model.results.allowPlan else {
            console.line("\n\(nothingDone(model)): a check failed. Its line above shows the fix.")
            return nil
        }
        let verb = isRehearsal ? "start the dry run" : guide.verb.go
        while true {
            guard let answer = console.ask("\nyes to \(verb), save to save the settings, no to quit:") else {
                throw AccessibleForm.Ended()
            }
            switch answer.lowercased() {
            case "yes":
                guard try isConfirmed(model) else { continue }
                return await perform(plan, &model)
            case "save": try save(model)
            case "no":
                console.line("\(nothingDone(model)).")
                return nil
            default: console.line("Type yes, save or no.")
            }
        }
    }

    private func show(_ plan: Plan, _ answers: Answers) {
        console.line("\n\(plan.title)")
        for (index, step) in plan.steps.enumerated() {
            console.line("  \(index + 1) \(guide.short(step.title))")
        }
        for difference in plan.differences {
            console.line("Changes: \(guide.short("\(difference)"))".indentedAfterFirstLine)
        }
        for note in plan.notes { console.line("Note: \(guide.short(note))") }
        console.line("Equivalent command line: \(guide.verb.commandLine(answers, at: plan.installation))")
    }

    private func save(_ model: WizardModel) throws(AccessibleForm.Ended) {
        let proposal = "\(model.answers.release)-answers.json"
        guard let answer = console.ask("File [\(proposal)]:") else { throw AccessibleForm.Ended() }
        let path = answer.isEmpty ? proposal : answer
        do throws(InstallerError) {
            try effects.save(guide.verb.texts(of: model.answers), path)
            console.line(
                "Saved. Use it with: buildkit-installer \(guide.verb.id) --answers \(path.shellQuoted)")
        } catch { console.line("\(error)") }
    }

    private func perform(_ plan: Plan, _ model: inout WizardModel) async -> RunSummary {
        let progress = AccessibleProgress(plan, guide, console: console)
        if !isRehearsal {
            model.hasRun = true
            await effects.run(
                plan, guide.verb, model.answers, { [console] in Self.interruptionPolicy(console) }
            ) { progress.take($0) }
        }
        return await effects.summarize(progress.run, guide.verb, model.named, isRehearsal)
    }

    /// Asked when the run was stopped, by the user or by a failure. Without an answer the changes are kept: they can still be rolled back.
    private static func interruptionPolicy(_ console: AccessibleConsole) -> InterruptionPolicy {
        while let answer = console.ask("Type undo to roll back the changes, or keep to keep them:") {
            if answer.lowercased() == "undo" { return .undo }
            if answer.lowercased() == "keep" { return .keep }
        }
        return .keep
    }
}
