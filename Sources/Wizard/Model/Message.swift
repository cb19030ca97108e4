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
    case summary(RunSummary)
    /// The answers were saved there, or the reason why not.
    case saved(path: String, failure: InstallerError?)
    case resized(Size)
    /// Time has passed.
    case tick
}

/// What a page asks to be done, as data; the wizard does it.
enum Effect: Equatable, Sendable {
    case look(Workflow, Answers, number: Int)
    /// Find the answers that are kept of an earlier run.
    case recall(Answers, number: Int)
    /// Find out how the installation fares; what was not given is taken as it was installed.
    case takeStatus(Answers, given: Set<Field.ID>)
    case start(Plan, Workflow, Answers)
    case rehearse(Plan)
    case summarize(RunState, Workflow, Answers, isRehearsal: Bool)
    /// Stop the run that is under way.
    case stop
    /// Say what becomes of the steps of the stopped run.
    case decide(InterruptionPolicy)
    case save([Field.ID: String], path: String)
}

/// Where a page wants to go after a message.
enum Navigation: Equatable, Sendable {
    case stay, next, back, quit
    /// To the first page of another verb, or of the same.
    case walk(Workflow)
    /// To the page that shows how the installation fares.
    case showStatus
    /// Look around again, with the answers as they are now.
    case look
    /// Have something done, and stay.
    case perform(Effect)
    /// Begin a plan, and watch it.
    case begin(Effect)
}
