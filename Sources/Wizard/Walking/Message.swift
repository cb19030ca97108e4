import Installer
import Terminal

/// Something that has happened, as pages are told.
enum Message: Equatable, Sendable {
    case key(Key)
    case paste(String)
    /// More facts, found by the look of that number.
    case facts(Facts, look: Int)
    /// That look has found all that it can.
    case looked(look: Int)
    /// The answers that are kept, found for the look of that number.
    case recalled([Field.ID: String], look: Int)
    case status(StatusReport)
    case run(RunEvent)
    /// What came of the run.
    case summary(Summary)
    /// The answers were saved there, or the reason why not.
    case saved(path: String, failure: Failure?)
    case resized(Size)
    /// Time has passed.
    case tick
}
