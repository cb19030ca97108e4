import Installer

/// What a page asks to be done, as data; the wizard does it.
enum Effect: Equatable, Sendable {
    case look(Answers, number: Int)
    case start(Plan)
    case rehearse(Plan)
    case summarize(Run, Answers, isRehearsal: Bool)
    /// Stop the run that is under way.
    case stop
    /// Say what becomes of the steps of the stopped run.
    case decide(Aftermath)
    case save(Answers, path: String)
}
