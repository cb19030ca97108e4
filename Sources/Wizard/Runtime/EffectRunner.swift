import Dispatch
import FoundationEssentials
import Installer
import Synchronization
import Terminal

/// Performs the effects of pages in the background; results are sent to the mailbox.
@MainActor
final class EffectRunner {
    private let effects: EffectHandlers
    private let mailbox: MessageQueue
    /// All running tasks, including those whose result is no longer needed.
    private let underway = DispatchGroup()
    private var look: Task<Void, Never>?
    private var status: Task<Void, Never>?
    private var examination: Task<Void, Never>?
    private var reports: [Task<Void, Never>] = []
    private var run: Task<Void, Never>?
    private var decisions: AsyncStream<InterruptionPolicy>.Continuation?

    init(_ effects: EffectHandlers, mailbox: MessageQueue) {
        self.effects = effects
        self.mailbox = mailbox
    }

    func perform(_ effect: Effect) {
        switch effect {
        case .look(let verb, let answers, let number): look(for: verb, with: answers, number: number)
        case .recall(let answers, let number): recall(with: answers, number: number)
        case .takeStatus(let answers, let given): takeStatus(answers, given)
        case .watchStatus(let answers, let given): watchStatus(answers, given)
        case .takeClients(let answers):
            report { [effects] in .clients(await effects.reports.clients(answers), of: answers.installation) }
        case .examine(let answers, let given, let number): examine(answers, given, number)
        case .listInstallations: report { [effects] in .installations(effects.reports.installations()) }
        case .start(let plan, let verb, let answers): start(plan, verb, answers)
        case .rehearse(let plan): rehearse(plan)
        case .summarize(let run, let verb, let answers, let isRehearsal):
            summarize(run, verb, answers, isRehearsal)
        case .stop: run?.cancel()
        case .decide(let decision): decisions?.yield(decision)
        case .save(let texts, let path): save(texts, to: path)
        case .complete(let path): complete(path)
        // The screen does it.
        case .copy: break
        }
    }

    /// Stops all queries, and waits for them and for a run: otherwise tools would outlive the program.
    func finish() {
        look?.cancel()
        status?.cancel()
        examination?.cancel()
        for report in reports { report.cancel() }
        underway.wait()
    }

    private func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        underway.enter()
        return Task.detached { [underway] in
            await work()
            underway.leave()
        }
    }

    private func look(for verb: Workflow, with answers: Answers, number: Int) {
        look?.cancel()
        look = begin { [effects, mailbox] in
            await effects.look(verb, answers) { mailbox.post(.facts($0, look: number)) }
            mailbox.post(.looked(look: number))
        }
    }

    private func recall(with answers: Answers, number: Int) {
        look?.cancel()
        look = begin { [effects, mailbox] in
            mailbox.post(.recalled(await effects.recall(answers), look: number))
        }
    }

    private func report(_ work: @escaping @Sendable () async -> Message) {
        let task = begin { [mailbox] in mailbox.post(await work()) }
        reports.append(task)
    }

    private func examine(_ answers: Answers, _ given: Set<Field.ID>, _ number: Int) {
        examination?.cancel()
        examination = begin { [effects, mailbox] in
            await effects.reports.examine(answers, given) {
                mailbox.post(.findings($0, examination: number))
            }
            mailbox.post(.examined(examination: number))
        }
    }

    /// A folder of a file system that does not answer cannot be waited for, nor cancelled.
    private func complete(_ path: String) {
        DispatchQueue.global().async { [effects, mailbox] in
            mailbox.post(.completed(effects.complete(path)))
        }
    }

    private func takeStatus(_ answers: Answers, _ given: Set<Field.ID>) {
        status = begin { [effects, mailbox] in
            mailbox.post(.status(await effects.reports.status(answers, given), of: answers.installation))
        }
    }

    private func watchStatus(_ answers: Answers, _ given: Set<Field.ID>) {
        status?.cancel()
        status = begin { [effects, mailbox] in
            await effects.reports.watch(answers, given) {
                mailbox.post(.status($0, of: answers.installation))
            }
        }
    }

    private func start(_ plan: Plan, _ verb: Workflow, _ answers: Answers) {
        let (stream, continuation) = AsyncStream.makeStream(of: InterruptionPolicy.self)
        decisions = continuation
        run = begin { [effects, mailbox] in
            let interruptionPolicy: EffectHandlers.Ask = {
                // A cancelled task, such as that of the run, would receive nothing from a stream. Without an answer the
                // changes are kept: they can still be rolled back later, but not the reverse.
                await Task.detached { await stream.first { _ in true } ?? .keep }.value
            }
            await effects.run(plan, verb, answers, interruptionPolicy) { mailbox.post(.run($0)) }
        }
    }

    private func rehearse(_ plan: Plan) {
        let now = effects.now()
        mailbox.post(.run(.began(plan: plan, at: now)))
        for step in plan.steps {
            mailbox.post(.run(.started(step: step.id, at: now)))
            mailbox.post(.run(.finished(step: step.id, at: now)))
        }
        mailbox.post(.run(.ended(at: now)))
    }

    private func summarize(_ run: RunState, _ verb: Workflow, _ answers: Answers, _ isRehearsal: Bool) {
        Task.detached { [effects, mailbox] in
            mailbox.post(.summary(await effects.summarize(run, verb, answers, isRehearsal)))
        }
    }

    private func save(_ texts: [Field.ID: String], to path: String) {
        do throws(InstallerError) {
            try effects.save(texts, path)
            mailbox.post(.saved(path: path, failure: nil))
        } catch {
            mailbox.post(.saved(path: path, failure: error))
        }
    }
}

/// The mailbox for messages from tasks to the wizard, which waits for the screen and must be woken.
final class MessageQueue: Sendable {
    private let messages = Mutex<[Message]>([])
    private let waker: Waker

    init(waker: Waker) { self.waker = waker }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        waker.wake()
    }

    /// Removes and returns all messages.
    func drain() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
