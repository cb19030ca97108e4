import Installer

/// What a page asks to be done, as data; the wizard does it.
enum Effect: Equatable, Sendable {
    case look(Verb, Answers, number: Int)
    /// Find the answers that are kept of an earlier run.
    case recall(Answers, number: Int)
    /// Find out how the installation fares; what was not given is taken as it was installed.
    case takeStatus(Answers, given: Set<Field.ID>)
    case start(Plan)
    case rehearse(Plan)
    case summarize(Run, Verb, Answers, isRehearsal: Bool)
    /// Stop the run that is under way.
    case stop
    /// Say what becomes of the steps of the stopped run.
    case decide(Aftermath)
    case save([Field.ID: String], path: String)
}
