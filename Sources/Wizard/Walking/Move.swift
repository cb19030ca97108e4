import Installer

/// Where a page wants to go after a message.
enum Move: Equatable, Sendable {
    case stay, next, back, quit
    /// To the first page of another verb, or of the same.
    case walk(Verb)
    /// To the page that shows how the installation fares.
    case showStatus
    /// Look around again, with the answers as they are now.
    case look
    /// Have something done, and stay.
    case perform(Effect)
    /// Begin a plan, and watch it.
    case begin(Effect)
}
