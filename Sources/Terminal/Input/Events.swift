/// What can happen to a program that waits in front of a terminal.
public enum Event: Hashable, Sendable {
    case key(Key)

    /// Pasted text, whole, with `\n` for line ends.
    case paste(String)

    /// The terminal has this size now.
    case resized(Size)

    /// Somebody called ``Waker/wake()``; several calls may give one event.
    case woken

    /// A signal asks the program to end; its number, as the exit status is made from it.
    case interrupted(signal: Int32)

    /// The terminal is gone: nothing will ever come.
    case closed
}

/// A key, whatever bytes a terminal sends for it.
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
    case delete
    case escape
    case function(Int)
    /// Control with a letter, in lower case.
    case control(Character)
    case alt(Character)
}
