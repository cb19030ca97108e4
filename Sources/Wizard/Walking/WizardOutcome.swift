import Installer

/// How a wizard ended.
public enum WizardOutcome: Equatable, Sendable {
    /// The user left before anything was begun.
    case left
    /// The plan was run or rehearsed: well, or not, or stopped; the summary says so.
    case finished(Summary)
    /// A signal, or the end of the terminal, ended it; a run that was under way was stopped and kept.
    case interrupted(signal: Int32?)
}
