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
