/// An event of a terminal.
public enum Event: Hashable, Sendable {
    case key(Key)

    /// Pasted text, whole, with `\n` for line ends.
    case paste(String)

    /// A click or the wheel. Selecting text with Shift held stays the terminal's own.
    case mouse(MouseEvent)

    /// The size of the terminal, when it is new or the frame has to be drawn again.
    case resized(Size)

    /// ``Waker/wake()`` was called; several calls may be merged.
    case woken

    /// A termination signal, with its number for the exit status.
    case interrupted(signal: Int32)

    /// The terminal is closed: no more events follow.
    case closed
}

/// The left button or the wheel of a mouse; other buttons and movements are not reported.
public struct MouseEvent: Hashable, Sendable {
    public enum Gesture: Hashable, Sendable {
        case press
        case release
        case scrollUp
        case scrollDown
    }

    public var gesture: Gesture
    public var point: Point

    public init(gesture: Gesture, point: Point) {
        self.gesture = gesture
        self.point = point
    }
}

/// A key, independent of the bytes that a terminal sends for it.
public enum Key: Hashable, Sendable {
    case character(Character)
    case enter
    case tab
    /// Shift and Tab.
    case backTab
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// Control or Alt with an arrow.
    case wordLeft
    case wordRight
    case backspace
    /// Alt and Backspace.
    case wordBackspace
    case delete
    case escape
    case function(Int)
    /// Control with a letter, in lower case.
    case control(Character)
    case alt(Character)
}
