import Installer
import Terminal

/// The installer on a whole screen: draws, waits for a key or for news, and has done what the pages ask for.
@MainActor
public struct Wizard {
    private let screen: any Screen
    private let effects: EffectHandlers
    private let mailbox: MessageQueue
    private let background: EffectRunner
    private var walk: WizardState

    /// How often the clock on the screen moves while something is under way.
    private static let tick = Duration.milliseconds(250)

    /// - Parameters:
    ///   - start: the answers that were given already. With a problem in them, the wizard opens on its page.
    ///   - isRehearsal: walk through the plan at the end, and change nothing.
    public init(
        screen: any Screen, guide: WizardFlow, effects: EffectHandlers, start: ResolvedAnswers,
        opening: InitialPage = .start, isRehearsal: Bool = false
    ) {
        self.screen = screen
        self.effects = effects
        mailbox = MessageQueue(waker: screen.waker)
        background = EffectRunner(effects, mailbox: mailbox)
        walk = WizardState(
            guide: guide, start: start, opening: opening, isRehearsal: isRehearsal, now: effects.now(),
            size: screen.size)
    }

    /// Walks from the first page to the last. Blocks; whatever takes time happens in tasks meanwhile.
    public mutating func run() -> WizardOutcome {
        perform(walk.begin())
        while true {
            for message in mailbox.drain() { perform(walk.handle(message, at: effects.now())) }
            if let outcome = walk.outcome {
                background.finish()
                return outcome
            }
            screen.show(walk.frame)
            take(screen.next(within: walk.isBusy ? Self.tick : nil))
        }
    }

    private mutating func take(_ event: Event?) {
        switch event {
        case nil: perform(walk.handle(.tick, at: effects.now()))
        case .key(let key): perform(walk.handle(.key(key), at: effects.now()))
        case .paste(let text): perform(walk.handle(.paste(text), at: effects.now()))
        case .resized(let size): perform(walk.handle(.resized(size), at: effects.now()))
        case .woken: break
        case .interrupted(let signal): perform(walk.interrupt(signal: signal))
        case .closed:
            perform(walk.interrupt(signal: nil))
            // Nobody is there to watch, and the screen would not wait any more.
            background.finish()
        }
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects { background.perform(effect) }
    }
}
