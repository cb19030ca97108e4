/// The terminal as a program sees it: somewhere to show a frame, and a source of events.
///
/// Programs wait in ``next(within:)`` on the main thread, and work elsewhere: a task that has news leaves it
/// in a mailbox and calls the ``waker``.
@MainActor
public protocol Screen: AnyObject {
    var size: Size { get }

    /// The symbols that this screen shows. Frames need no care: what cannot be shown is replaced.
    var glyphs: Glyphs { get }

    /// Interrupts ``next(within:)`` from anywhere.
    var waker: Waker { get }

    /// Replaces what is shown. Does not wait for input.
    func show(_ frame: Frame)

    /// Waits for an event, for ever or as long as said; nil: nothing has happened. After ``Event/closed``
    /// nothing else will come.
    func next(within patience: Duration?) -> Event?

    /// Gives the terminal back for as long as `body` runs, to ask or print something in the plain way.
    func suspended<Result, Thrown: Error>(_ body: () throws(Thrown) -> Result) throws(Thrown) -> Result
}

extension Screen {
    /// Waits for an event, however long that takes.
    public func next() -> Event {
        while true {
            if let event = next(within: nil) { return event }
        }
    }
}

/// Interrupts a screen that waits for events. Any task may use it, also after the screen was closed.
public struct Waker: Sendable {
    private let action: @Sendable () -> Void

    public init(_ action: @escaping @Sendable () -> Void) {
        self.action = action
    }

    public func wake() { action() }
}

/// Why there can be no full-screen program here, in words for the user.
public struct ScreenUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
