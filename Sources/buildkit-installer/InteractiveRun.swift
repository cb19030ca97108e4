import FoundationEssentials
import Installer
import Terminal
import Wizard

/// The wizard on this terminal, on a whole screen or line by line: gives it its effects, and tells the end on
/// plain lines.
struct InteractiveRun {
    let options: RunOptions
    let verb: Workflow
    let dependencies: Dependencies

    /// - Throws: the exit status of a run that did not go well.
    func run(_ resolution: ResolvedAnswers, from opening: InitialPage) async throws {
        switch try await isPlain ? await ask(resolution) : await walk(resolution, from: opening) {
        case .left: return
        case .finished(let summary):
            // The screen is gone with the wizard; what came of it should stay readable above the prompt.
            PlainReporter(isVerbose: false).summary(summary)
            try ExitStatus(summary.outcome).end()
        case .interrupted: throw ExitStatus.interrupted
        }
    }

    /// The page of the status alone.
    func watch(_ resolution: ResolvedAnswers) async throws {
        guard case .interrupted = try await walk(resolution, from: .status) else { return }
        throw ExitStatus.interrupted
    }

    /// Whether a screen would be no use: the terminal has none, or somebody listens instead of looking.
    @MainActor
    private var isPlain: Bool {
        let isListening = dependencies.environment["ACCESSIBLE"].map { !$0.isEmpty } ?? false
        return isListening || CursesScreen.refusal(environment: dependencies.environment) != nil
    }

    private func ask(_ resolution: ResolvedAnswers) async -> WizardOutcome {
        var effects = EffectHandlers.live(in: dependencies, options)
        // There is no screen to take Ctrl-C as a key; it comes as a signal.
        effects.run = { [run = effects.run] plan, verb, answers, interruptionPolicy, report in
            await SignalHandling.cancelling { await run(plan, verb, answers, interruptionPolicy, report) }
        }
        effects.look = { [look = effects.look] verb, answers, report in
            await SignalHandling.leaving { await look(verb, answers, report) }
        }
        effects.recall = { [recall = effects.recall] answers in
            await SignalHandling.leaving { await recall(answers) }
        }
        return await AccessibleWizard(
            console: AccessibleConsole(write: { Console.output.write($0) }, read: { readLine() }),
            guide: WizardFlow(verb, places: dependencies.places, home: dependencies.home), effects: effects,
            start: resolution,
            isRehearsal: options.dryRun
        ).run()
    }

    /// Where stray lines go; nil where no folder can be made. The screen may then be spoilt, and that is all: a run
    /// that needs the folder says so itself.
    private var log: String? {
        do throws(InstallerError) {
            try dependencies.prepareLog()
            return dependencies.places.log
        } catch { return nil }
    }

    @MainActor
    private func walk(_ resolution: ResolvedAnswers, from opening: InitialPage) async throws -> WizardOutcome
    {
        let screen = try CursesScreen(environment: dependencies.environment, log: log)
        defer { screen.close() }
        var wizard = Wizard(
            screen: screen, guide: WizardFlow(verb, places: dependencies.places, home: dependencies.home),
            effects: .live(in: dependencies, options),
            start: resolution, opening: opening, isRehearsal: options.dryRun)
        return wizard.run()
    }
}

extension EffectHandlers {
    /// The real ones.
    fileprivate static func live(in dependencies: Dependencies, _ options: RunOptions) -> EffectHandlers {
        EffectHandlers(
            look: { verb, answers, report in
                await verb.survey(answers, in: dependencies).follow(report)
            },
            recall: { await dependencies.recall($0) },
            status: { await StatusCollector(dependencies: dependencies, answers: $0, given: $1).status() },
            run: { plan, verb, answers, interruptionPolicy, report in
                do {
                    let lock = try await RunLock.take(
                        on: plan.installation,
                        writingTo: dependencies.certificateFolders(answers, of: plan.installation),
                        in: dependencies)
                    try await lock.held { lock in
                        var plan = plan
                        plan.notes += await lock.journal.endLeftovers(in: dependencies) + lock.notes
                        // Much may have happened while the plan was on the screen.
                        try await verb.confirm(plan, answers, under: lock, in: dependencies)
                        _ = await PlanExecutor(dependencies).execute(
                            plan, under: lock.lease, keepOnFailure: options.keepOnFailure,
                            interruptionPolicy: interruptionPolicy,
                            report: { event in
                                lock.journal.record(event)
                                report(event)
                            })
                    }
                } catch {
                    plan.refuse(InstallerError(error), at: dependencies.now(), report)
                }
            },
            summarize: { run, verb, answers, isRehearsal in
                RunSummary(run, of: verb, answers, isRehearsal: isRehearsal, dependencies: dependencies)
            },
            save: { texts, path throws(InstallerError) in
                try AnswersFile.save(texts, to: path, home: dependencies.home)
            },
            now: dependencies.now)
    }
}

extension Plan {
    /// Tells that a run could not even begin.
    fileprivate func refuse(_ failure: InstallerError, at time: Date, _ report: (RunEvent) -> Void) {
        report(.began(plan: self, at: time))
        if let first = steps.first { report(.failed(step: first.id, failure: failure, at: time)) }
        report(.ended(at: time))
    }
}
