import Dispatch

/// A screen for tests: plays a script of events and records all frames.
///
/// At the end of the script, or after a failed wait, it sends ``Event/closed``, so that no test hangs; ``failure`` has
/// the reason.
@MainActor
public final class MemoryScreen: Screen {
    /// One entry of a script.
    public enum Cue: Sendable {
        case event(Event)

        /// Continues when the current frame fulfils the condition; until then only wake events are sent.
        case waitUntil(_ what: String, condition: @Sendable (Frame) -> Bool)
    }

    public private(set) var size: Size
    public let glyphs: Glyphs
    public let waker: Waker
    public private(set) var frames: [Frame] = []

    /// How often the terminal was temporarily restored.
    public private(set) var suspensions = 0

    /// The copied texts.
    public private(set) var copied: [String] = []

    /// The failed wait of the script.
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

    /// The number of remaining entries of the script; a test expects 0.
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

    public func copy(_ text: String) -> Bool {
        copied.append(text)
        return true
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
                // One deadline for the entry: a program without progress must not wait indefinitely.
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
        // Several wakes are merged into one event, as on a terminal.
        while wakes.wait(timeout: .now()) == .success {}
        return true
    }
}

extension MemoryScreen.Cue {
    public static func key(_ key: Key) -> Self { .event(.key(key)) }

    public static func resized(columns: Int, rows: Int) -> Self {
        .event(.resized(Size(columns: columns, rows: rows)))
    }

    /// Continues when `text` is on the screen.
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
