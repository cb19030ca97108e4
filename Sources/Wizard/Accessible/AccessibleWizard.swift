import Installer
import Terminal

/// The same questions line by line: for terminals that cannot show a screen, and for people who listen to
/// one.
public struct AccessibleWizard: Sendable {
    private let console: AccessibleConsole
    private let guide: WizardFlow
    private let effects: EffectHandlers
    private let start: ResolvedAnswers
    private let isRehearsal: Bool

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

    /// Asks, shows the plan, and runs it on a yes. What came of it is the caller's to tell.
    public func run() async -> WizardOutcome {
        var model = WizardModel(start, now: effects.now(), size: Size(columns: 80, rows: 24))
        model.isRehearsal = isRehearsal
        do throws(AccessibleForm.Ended) {
            try await ask(&model)
            return try await decide(model)
        } catch {
            console.line("\nNothing was changed.")
            return .left
        }
    }

    private func ask(_ model: inout WizardModel) async throws(AccessibleForm.Ended) {
        console.line("\(guide.verb.title) BuildKit. Type ? at a question for help.")
        for problem in model.strays { console.line("\(problem)") }
        model.drop(model.strays)
        for form in guide.verb.forms where form == .cluster && model.asks(form) {
            try AccessibleForm(form: form, console: console).ask(&model)
        }
        model.recall(await effects.recall(model.answers))
        console.line("\nChecks")
        await look(&model)
        for form in guide.verb.forms where form != .cluster && model.asks(form) {
            try AccessibleForm(form: form, console: console).ask(&model)
        }
        // What was answered later may contradict what was answered before.
        while let problem = model.problems.first(where: { Field.named($0.field) != nil }),
            let form = guide.verb.form(asking: problem.field)
        {
            try AccessibleForm(form: form, console: console).ask(&model)
        }
        guard model.lookedWith != model.answers else { return }
        console.line("\nChecks, once more with these answers")
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

// MARK: - The plan

extension AccessibleWizard {
    private func decide(_ model: WizardModel) async throws(AccessibleForm.Ended) -> WizardOutcome {
        let plan: Plan
        do throws(PlanRefusal) { plan = try guide.plan(model) } catch {
            console.line("\n\(error.failure)\n\nNothing was changed.")
            return .left
        }
        show(plan, model.answers)
        guard isRehearsal || model.results.allowPlan else {
            console.line("\nNothing was changed: a check failed. Its line above says what mends it.")
            return .left
        }
        let verb = isRehearsal ? "rehearse" : guide.verb.go
        while true {
            guard let answer = console.ask("\nyes to \(verb), save to save the answers, no to leave:") else {
                throw AccessibleForm.Ended()
            }
            switch answer.lowercased() {
            case "yes": return await perform(plan, model)
            case "save": try save(model)
            case "no":
                console.line("Nothing was changed.")
                return .left
            default: console.line("Type yes, save or no.")
            }
        }
    }

    private func show(_ plan: Plan, _ answers: Answers) {
        console.line("\n\(plan.title)")
        for (index, step) in plan.steps.enumerated() {
            console.line("  \(index + 1) \(guide.short(step.title))")
        }
        for difference in plan.differences { console.line("Changes: \(guide.short("\(difference)"))") }
        for note in plan.notes { console.line("Note: \(guide.short(note))") }
        console.line("The same without questions: \(guide.verb.commandLine(answers, at: plan.installation))")
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

    private func perform(_ plan: Plan, _ model: WizardModel) async -> WizardOutcome {
        let progress = AccessibleProgress(plan, guide, console: console)
        if !isRehearsal {
            await effects.run(
                plan, guide.verb, model.answers, { [console] in Self.interruptionPolicy(console) }
            ) { progress.take($0) }
        }
        return .finished(await effects.summarize(progress.run, guide.verb, model.answers, isRehearsal))
    }

    /// Asked when the user has stopped the run. Without an answer it is kept: that can still be undone.
    private static func interruptionPolicy(_ console: AccessibleConsole) -> InterruptionPolicy {
        while let answer = console.ask("Stopped. undo what was done, or keep it:") {
            if answer.lowercased() == "undo" { return .undo }
            if answer.lowercased() == "keep" { return .keep }
        }
        return .keep
    }
}
