import Dispatch

/// A screen for tests: it plays a script of events and keeps every frame that was shown.
///
/// When the script is at its end, or a wait in it is in vain, it says ``Event/closed``, so that no test
/// hangs; ``failure`` has the reason.
@MainActor
public final class MemoryScreen: Screen {
    /// One entry of a script.
    public enum Cue: Sendable {
        case event(Event)

        /// Goes on once the frame that is shown fulfils the condition; until then there are only wakes.
        case waitUntil(_ what: String, condition: @Sendable (Frame) -> Bool)
    }

    public private(set) var size: Size
    public let glyphs: Glyphs
    public let waker: Waker
    public private(set) var frames: [Frame] = []

    /// How often the terminal was given back for a while.
    public private(set) var suspensions = 0

    /// What the script waited for in vain.
    public private(set) var failure: String?

    private var script: ArraySlice<Cue>
    private let wakes = DispatchSemaphore(value: 0)
    private let patience: Duration
    private var deadline: ContinuousClock.Instant?

    /// - Parameter patience: how long one wait of the script may take; only a broken program takes that long.
    public init(
        size: Size = Size(columns: 80, rows: 24), script: [Cue], glyphs: Glyphs = .unicode,
        patience: Duration = .seconds(30)
    ) {
        self.size = size
        self.script = script[...]
        self.glyphs = glyphs
        self.patience = patience
        let wakes = wakes
        waker = Waker { wakes.signal() }
    }

    /// What of the script has not been played; a test expects 0.
    public var unplayed: Int { script.count }

    /// The last frame as text; empty when none was shown.
    public var text: String { frames.last?.text ?? "" }

    public func show(_ frame: Frame) {
        frames.append(frame.resized(to: size).rendered(with: glyphs))
    }

    public func suspended<Result, Thrown: Error>(
        _ body: () throws(Thrown) -> Result
    ) throws(Thrown) -> Result {
        suspensions += 1
        return try body()
    }

    public func next(within patience: Duration?) -> Event? {
        while failure == nil, let step = script.first {
            switch step {
            case .event(let event):
                script.removeFirst()
                if case .resized(let size) = event { self.size = size }
                return event
            case .waitUntil(let what, let condition):
                if let frame = frames.last, condition(frame) {
                    script.removeFirst()
                    deadline = nil
                    continue
                }
                // One deadline for the step: a program that only lets time pass must not do so for ever.
                let end = deadline ?? ContinuousClock.now + self.patience
                deadline = end
                let left = end - ContinuousClock.now
                guard left > .zero else {
                    failure = "waited in vain for \(what); the frame was:\n\(text)"
                    continue
                }
                if isWoken(within: min(left, patience ?? left)) { return .woken }
                if ContinuousClock.now < end { return nil }
            }
        }
        return .closed
    }

    private func isWoken(within limit: Duration) -> Bool {
        let (seconds, attoseconds) = limit.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        guard wakes.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else { return false }
        // Several wakes are one event, as they are on a terminal.
        while wakes.wait(timeout: .now()) == .success {}
        return true
    }
}

extension MemoryScreen.Cue {
    public static func key(_ key: Key) -> Self { .event(.key(key)) }

    public static func resized(columns: Int, rows: Int) -> Self {
        .event(.resized(Size(columns: columns, rows: rows)))
    }

    /// Goes on once `text` is on the screen.
    public static func waitFor(_ text: String) -> Self {
        .waitUntil("'\(text)'") { $0.text.contains(text) }
    }
}

extension [MemoryScreen.Cue] {
    /// The keys that type a text.
    public static func typing(_ text: String) -> Self {
        text.map { .key(.character($0)) }
    }

    /// Keys, one after the other.
    public static func keys(_ keys: Key...) -> Self {
        keys.map { .key($0) }
    }
}
