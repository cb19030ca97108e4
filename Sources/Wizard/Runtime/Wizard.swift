import Installer
import Terminal

/// The full-screen wizard: draws, waits for keys and messages, and performs the effects of pages.
@MainActor
public struct Wizard {
    private let screen: any Screen
    private let effects: EffectHandlers
    private let mailbox: MessageQueue
    private let background: EffectRunner
    private var walk: WizardState

    /// Refresh interval of the clock while work is in progress.
    private static let tick = Duration.milliseconds(250)

    /// - Parameters:
    ///   - start: the given settings. If one is invalid, the wizard opens on its page.
    ///   - isRehearsal: perform a dry run of the plan.
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

    /// Runs from the first page to the last. Blocks; long operations run in tasks.
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
        case .mouse(let mouse): take(mouse)
        case .woken: break
        case .interrupted(let signal): perform(walk.interrupt(signal: signal))
        case .closed:
            perform(walk.interrupt(signal: nil))
            // The terminal is closed, and the screen would no longer wait for events.
            background.finish()
        }
    }

    /// A click means what the frame says of its place; the wheel moves like the arrow keys.
    private mutating func take(_ mouse: MouseEvent) {
        switch mouse.gesture {
        case .press:
            // A click beside everything closes a dialog.
            let id = walk.frame.zone(at: mouse.point)?.id ?? ""
            perform(walk.handle(.click(id), at: effects.now()))
        case .scrollUp: perform(walk.handle(.key(.up), at: effects.now()))
        case .scrollDown: perform(walk.handle(.key(.down), at: effects.now()))
        case .release: break
        }
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects {
            if case .copy(let text) = effect { copy(text) } else { background.perform(effect) }
        }
    }

    /// Where the terminal refuses, the text is shown plain, to be selected.
    private func copy(_ text: String) {
        guard !screen.copy(text) else { return mailbox.post(.copied) }
        screen.suspended {
            print("\(text.visible)\n\nPress Enter to return.")
            _ = readLine()
        }
    }
}
