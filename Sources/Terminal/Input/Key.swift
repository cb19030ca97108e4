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
