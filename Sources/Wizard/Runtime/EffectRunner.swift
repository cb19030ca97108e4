import Dispatch
import FoundationEssentials
import Installer
import Synchronization
import Terminal

/// Does what the pages ask for, away from the screen; what comes of it goes into the mailbox.
@MainActor
final class EffectRunner {
    private let effects: EffectHandlers
    private let mailbox: MessageQueue
    /// All that is under way, also what nobody waits for any more.
    private let underway = DispatchGroup()
    private var look: Task<Void, Never>?
    private var status: Task<Void, Never>?
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
        case .start(let plan, let verb, let answers): start(plan, verb, answers)
        case .rehearse(let plan): rehearse(plan)
        case .summarize(let run, let verb, let answers, let isRehearsal):
            summarize(run, verb, answers, isRehearsal)
        case .stop: run?.cancel()
        case .decide(let decision): decisions?.yield(decision)
        case .save(let texts, let path): save(texts, to: path)
        }
    }

    /// Ends the looks, and waits for their end and that of a run: what a tool is at would outlive the program.
    func finish() {
        look?.cancel()
        status?.cancel()
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

    private func takeStatus(_ answers: Answers, _ given: Set<Field.ID>) {
        status = begin { [effects, mailbox] in
            mailbox.post(.status(await effects.status(answers, given)))
        }
    }

    private func start(_ plan: Plan, _ verb: Workflow, _ answers: Answers) {
        let (stream, continuation) = AsyncStream.makeStream(of: InterruptionPolicy.self)
        decisions = continuation
        run = begin { [effects, mailbox] in
            let interruptionPolicy: EffectHandlers.Ask = {
                // A cancelled task, as the run's is by now, would get nothing from a stream. And without an
                // answer nothing is taken back: what is kept can still be undone, not the reverse.
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

/// Where tasks leave messages for the wizard, which sits in front of the screen and must be woken.
final class MessageQueue: Sendable {
    private let messages = Mutex<[Message]>([])
    private let waker: Waker

    init(waker: Waker) { self.waker = waker }

    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        waker.wake()
    }

    /// Takes out all that is there.
    func drain() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// All that a wizard can bring about, given by whoever starts it. Pages only ask for it; tests give scripted
/// ones.
public struct EffectHandlers: Sendable {
    /// Looks around, and reports the facts each time that there are more of them. Cancelled when the answers
    /// that they depend on change.
    public var look:
        @Sendable (_ verb: Workflow, _ answers: Answers, _ report: @escaping @Sendable (Facts) -> Void) async
            -> Void
    /// The answers that are kept of an earlier run there, by the field's id.
    public var recall: @Sendable (_ answers: Answers) async -> [Field.ID: String]
    /// How the installation fares. Cancelled when nobody waits for it any more.
    public var status: @Sendable (_ answers: Answers, _ given: Set<Field.ID>) async -> StatusReport
    /// Runs a plan to its end, and reports what happens. What it was made from is looked at again before: where the
    /// same answers come to another plan by now, nothing is done. Cancelling it stops the step under way; it then asks
    /// for the aftermath. It returns after ``RunEvent/ended(at:)`` was reported.
    public var run:
        @Sendable (
            _ plan: Plan, _ verb: Workflow, _ answers: Answers, _ interruptionPolicy: @escaping Ask,
            _ report: @escaping Report
        ) async -> Void
    /// What came of a run; true where it was a rehearsal.
    public var summarize: @Sendable (RunState, Workflow, Answers, _ isRehearsal: Bool) async -> RunSummary
    /// Saves the answers to a file.
    public var save: @Sendable (_ texts: [Field.ID: String], _ path: String) throws(InstallerError) -> Void
    public var now: @Sendable () -> Date

    /// Asks the user what becomes of a stopped run's work.
    public typealias Ask = @Sendable () async -> InterruptionPolicy
    public typealias Report = @Sendable (RunEvent) -> Void

    public init(
        look: @escaping @Sendable (Workflow, Answers, @escaping @Sendable (Facts) -> Void) async -> Void,
        recall: @escaping @Sendable (Answers) async -> [Field.ID: String],
        status: @escaping @Sendable (Answers, Set<Field.ID>) async -> StatusReport,
        run: @escaping @Sendable (Plan, Workflow, Answers, @escaping Ask, @escaping Report) async -> Void,
        summarize: @escaping @Sendable (RunState, Workflow, Answers, Bool) async -> RunSummary,
        save: @escaping @Sendable ([Field.ID: String], String) throws(InstallerError) -> Void,
        now: @escaping @Sendable () -> Date
    ) {
        self.look = look
        self.recall = recall
        self.status = status
        self.run = run
        self.summarize = summarize
        self.save = save
        self.now = now
    }
}
