import FoundationEssentials
import Installer
import Terminal
import Wizard

/// The wizard on this terminal, full-screen or line by line: provides its effects, and prints the result as plain
/// lines.
struct InteractiveRun {
    let options: RunSettings
    let verb: Workflow
    let theme: Theme
    let dependencies: Dependencies

    /// - Throws: the exit status of a failed run.
    func run(_ resolution: ResolvedAnswers, from opening: InitialPage) async throws {
        switch try await isPlain
            ? await ask(resolution, from: opening) : await walk(resolution, from: opening)
        {
        case .left: return
        case .finished(let summary):
            // The screen is closed with the wizard; the result should remain readable above the prompt.
            PlainReporter(isVerbose: false).summary(summary)
            try ExitStatus(summary.outcome).end()
        case .interrupted: throw ExitStatus.interrupted
        }
    }

    /// The status page only.
    func watch(_ resolution: ResolvedAnswers) async throws {
        guard case .interrupted = try await walk(resolution, from: .status) else { return }
        throw ExitStatus.interrupted
    }

    /// Whether to use the line-by-line wizard: the terminal has no screen, or a screen reader is used.
    @MainActor
    private var isPlain: Bool {
        let isListening = dependencies.environment["ACCESSIBLE"].map { !$0.isEmpty } ?? false
        return isListening || CursesScreen.refusal(environment: dependencies.environment) != nil
    }

    private func ask(_ resolution: ResolvedAnswers, from opening: InitialPage) async -> WizardOutcome {
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
        effects.reports = effects.reports.leavingOnInterruption
        let wizard = AccessibleWizard(
            console: AccessibleConsole(write: { Console.output.write($0) }, read: { readLine() }),
            guide: flow, effects: effects, start: resolution, isRehearsal: options.dryRun)
        return opening == .start ? await wizard.runFromHome() : await wizard.run()
    }

    private var flow: WizardFlow {
        WizardFlow(
            verb, places: dependencies.places, home: dependencies.home,
            production: ProductionNames(environment: dependencies.environment))
    }

    /// The log for stray output; nil if the folder cannot be created. Stray output may then garble the screen; a run
    /// that needs the folder reports the error itself.
    private var log: String? {
        do throws(InstallerError) {
            try dependencies.prepareLog()
            return dependencies.places.log
        } catch { return nil }
    }

    @MainActor
    private func walk(_ resolution: ResolvedAnswers, from opening: InitialPage) async throws -> WizardOutcome
    {
        let screen = try CursesScreen(environment: dependencies.environment, log: log, theme: theme)
        defer { screen.close() }
        var wizard = Wizard(
            screen: screen, guide: flow,
            effects: .live(in: dependencies, options),
            start: resolution, opening: opening, isRehearsal: options.dryRun)
        return wizard.run()
    }
}

extension EffectHandlers.Reports {
    /// The same, ended by Ctrl-C together with the program.
    fileprivate var leavingOnInterruption: Self {
        var reports = self
        reports.status = { answers, given in
            await SignalHandling.leaving { await status(answers, given) }
        }
        reports.clients = { answers in await SignalHandling.leaving { await clients(answers) } }
        reports.examine = { answers, given, report in
            await SignalHandling.leaving { await examine(answers, given, report) }
        }
        return reports
    }
}

extension EffectHandlers {
    /// The production implementation.
    fileprivate static func live(in dependencies: Dependencies, _ options: RunSettings) -> EffectHandlers {
        EffectHandlers(
            look: { verb, answers, report in
                await verb.surveyForPages(answers, in: dependencies).follow(report)
            },
            recall: { await dependencies.recall($0) },
            reports: Reports(
                status: {
                    await StatusCollector(dependencies: dependencies, answers: $0, given: $1).status()
                },
                watch: { answers, given, report in
                    await StatusCollector(dependencies: dependencies, answers: answers, given: given)
                        .watch(report)
                },
                clients: { await ClientReport.look(in: dependencies, $0) },
                examine: { answers, given, report in
                    let doctor = DoctorCollector(
                        dependencies: dependencies, answers: answers, given: given, builds: false)
                    report(await doctor.examination(report))
                },
                installations: { dependencies.knownInstallations }),
            run: { plan, verb, answers, interruptionPolicy, report in
                do {
                    // The lock, the second look and the steps share a connection.
                    try await ClusterConnection.sharing(dependencies) { dependencies in
                        let lock = try await RunLock.take(
                            on: plan.installation,
                            writingTo: dependencies.certificateFolders(answers, of: plan.installation),
                            in: dependencies)
                        try await lock.held { lock in
                            var plan = plan
                            plan.notes += await lock.journal.endLeftovers(in: dependencies) + lock.notes
                            // The state may have changed while the plan was on the screen.
                            try await verb.confirm(plan, answers, under: lock, in: dependencies)
                            _ = await PlanExecutor(dependencies).execute(
                                plan, under: lock.lease, keepOnFailure: options.keepOnFailure,
                                asksOnFailure: true,
                                interruptionPolicy: interruptionPolicy,
                                report: { event in
                                    lock.journal.record(event)
                                    report(event)
                                })
                        }
                    }
                } catch {
                    plan.refuse(InstallerError(error), at: dependencies.now(), report)
                }
            },
            summarize: { run, verb, answers, isRehearsal in
                var summary = RunSummary(
                    run, of: verb, answers, isRehearsal: isRehearsal, dependencies: dependencies)
                summary.remarks += options.saving(answers, of: verb, home: dependencies.home)
                return summary
            },
            save: { texts, path throws(InstallerError) in
                try AnswersFile.save(texts, to: path, home: dependencies.home)
            },
            complete: { PathCompletion($0, home: dependencies.home) },
            now: dependencies.now)
    }
}

extension RunSettings {
    /// Saves the settings, and says so. A run that has ended does not fail because a file cannot be written.
    fileprivate func saving(_ answers: Answers, of verb: Workflow, home: String) -> [String] {
        guard let saveAnswers else { return [] }
        do throws(InstallerError) {
            try save(answers, of: verb, home: home)
            return ["Settings saved to \(saveAnswers)."]
        } catch { return ["Settings not saved: \(error.sentence)."] }
    }
}

extension Plan {
    /// Reports that a run could not start.
    fileprivate func refuse(_ failure: InstallerError, at time: Date, _ report: (RunEvent) -> Void) {
        report(.began(plan: self, at: time))
        if let first = steps.first { report(.failed(step: first.id, failure: failure, at: time)) }
        report(.ended(at: time))
    }
}
