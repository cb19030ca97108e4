import Installer

/// How a wizard ended.
public enum Outcome: Equatable, Sendable {
    /// The user left before anything was changed.
    case left
    /// The plan was walked through, and nothing was changed.
    case rehearsed
    /// The plan was run: well, or not, or stopped; the run says so.
    case finished(Run)
    /// A signal, or the end of the terminal, ended it; the run, if one was under way, was kept for another time.
    case interrupted(signal: Int32?)
}
