import ArgumentParser
import FoundationEssentials
import Installer
import Terminal
import Wizard

/// The wizard on this terminal, on a whole screen or line by line: gives it its effects, and tells the end on
/// plain lines.
struct WizardSession {
    let options: RunOptions
    let verb: Verb
    let world: World

    /// - Throws: the exit status of a run that did not go well.
    func run(_ resolution: Resolution, from opening: Opening) async throws {
        switch try await isPlain ? await ask(resolution) : await walk(resolution, from: opening) {
        case .left: return
        case .finished(let summary):
            // The screen is gone with the wizard; what came of it should stay readable above the prompt.
            PlainReporter(isVerbose: false).summary(summary)
            if let status = ExitStatus.after(summary.outcome) { throw status }
        case .interrupted: throw ExitStatus.interrupted
        }
    }

    /// The page of the status alone.
    func watch(_ resolution: Resolution) async throws {
        guard case .interrupted = try await walk(resolution, from: .status) else { return }
        throw ExitStatus.interrupted
    }

    /// Whether a screen would be no use: the terminal has none, or somebody listens instead of looking.
    @MainActor
    private var isPlain: Bool {
        let isListening = world.environment["ACCESSIBLE"].map { !$0.isEmpty } ?? false
        return isListening || CursesScreen.refusal(environment: world.environment) != nil
    }

    private func ask(_ resolution: Resolution) async -> WizardOutcome {
        var effects = Effects.live(in: world, options)
        effects.run = { [run = effects.run] plan, aftermath, report in
            // There is no screen to take Ctrl-C as a key; it comes as a signal.
            await Interruption.cancelling { await run(plan, aftermath, report) }
        }
        return await PlainWizard(
            console: PlainConsole(write: { Console.output.write($0) }, read: { readLine() }),
            guide: Guide(verb, places: world.places, home: world.home), effects: effects, start: resolution,
            isRehearsal: options.dryRun
        ).run()
    }

    /// Where stray lines go; nil where no folder can be made. The screen may then be spoilt, and that is all: a run
    /// that needs the folder says so itself.
    private var log: String? {
        do throws(Failure) {
            try world.prepareLog()
            return world.places.log
        } catch { return nil }
    }

    @MainActor
    private func walk(_ resolution: Resolution, from opening: Opening) async throws -> WizardOutcome {
        let screen = try CursesScreen(environment: world.environment, log: log)
        defer { screen.close() }
        var wizard = Wizard(
            screen: screen, guide: Guide(verb, places: world.places, home: world.home),
            effects: .live(in: world, options),
            start: resolution, opening: opening, isRehearsal: options.dryRun)
        return wizard.run()
    }
}

extension Effects {
    /// The real ones.
    fileprivate static func live(in world: World, _ options: RunOptions) -> Effects {
        Effects(
            look: { verb, answers, report in
                for await facts in verb.survey(answers, in: world).facts() { report(facts) }
            },
            recall: { await world.recall($0) },
            status: { await StatusLook(world: world, answers: $0, given: $1).status() },
            run: { plan, aftermath, report in
                do throws(Failure) {
                    let journal = try Journal(at: world.places.journal(of: plan.site))
                    var plan = plan
                    plan.notes += await journal.endLeftovers(in: world)
                    _ = await Executor(world).execute(
                        plan, keepOnFailure: options.keepOnFailure, aftermath: aftermath,
                        report: { event in
                            journal.record(event)
                            report(event)
                        })
                } catch {
                    plan.refuse(error, at: world.now(), report)
                }
            },
            summarize: { run, verb, answers, isRehearsal in
                Summary(run, of: verb, answers, isRehearsal: isRehearsal, world: world)
            },
            save: { texts, path throws(Failure) in
                try AnswersFile.save(texts, to: path, home: world.home)
            },
            now: world.now)
    }
}

extension Plan {
    /// Tells that a run could not even begin.
    fileprivate func refuse(_ failure: Failure, at time: Date, _ report: (RunEvent) -> Void) {
        report(.began(plan: self, at: time))
        if let first = steps.first { report(.failed(step: first.id, failure: failure, at: time)) }
        report(.ended(at: time))
    }
}
