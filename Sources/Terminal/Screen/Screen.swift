/// A terminal: shows frames, and is a source of events.
///
/// Programs wait in ``next(within:)`` on the main thread, and work in tasks: a task leaves its messages in a mailbox
/// and calls the ``waker``.
@MainActor
public protocol Screen: AnyObject {
    var size: Size { get }

    /// The symbols that this screen supports. Unsupported symbols in frames are replaced.
    var glyphs: Glyphs { get }

    /// Interrupts ``next(within:)`` from anywhere.
    var waker: Waker { get }

    /// Replaces what is shown. Does not wait for input.
    func show(_ frame: Frame)

    /// Waits for an event, indefinitely or up to the timeout; nil: timeout. No event follows ``Event/closed``.
    func next(within patience: Duration?) -> Event?

    /// Restores the terminal while `body` runs, for plain input and output.
    func suspended<Result, Thrown: Error>(_ body: () throws(Thrown) -> Result) throws(Thrown) -> Result

    /// Copies a text to the clipboard of the user's machine; false: this terminal cannot, or the text is too long.
    /// Terminals may ask the user or refuse, and do not tell: true means that it was sent.
    func copy(_ text: String) -> Bool
}

extension Screen {
    public func copy(_ text: String) -> Bool { false }

    /// Waits for an event without a timeout.
    public func next() -> Event {
        while true {
            if let event = next(within: nil) { return event }
        }
    }
}

/// Interrupts a screen that waits for events. Can be used from any task, also after the screen was closed.
public struct Waker: Sendable {
    private let action: @Sendable () -> Void

    public init(_ action: @escaping @Sendable () -> Void) {
        self.action = action
    }

    public func wake() { action() }
}

/// Why a full-screen program is not possible, for the user.
public struct ScreenUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
