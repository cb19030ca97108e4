import Installer
import Terminal

/// A message to the pages.
enum Message: Equatable, Sendable {
    case key(Key)
    case paste(String)
    /// A click on an area of the frame, by its id.
    case click(String)
    /// More facts, from the query run with that number.
    case facts(Facts, look: Int)
    /// That query run is complete.
    case looked(look: Int)
    /// The saved settings, for the query run with that number.
    case recalled([Field.ID: String], look: Int)
    /// Reports, with the installation that they are about.
    case status(StatusReport, of: InstallationID? = nil)
    case clients(ClientReport, of: InstallationID? = nil)
    /// The findings so far of the examination with that number.
    case findings(DoctorReport, examination: Int)
    /// That examination is complete.
    case examined(examination: Int)
    case installations([KnownInstallation])
    case run(RunEvent)
    /// The result of the run.
    case summary(RunSummary)
    /// The settings were saved to that path, or the failure.
    case saved(path: String, failure: InstallerError?)
    case completed(PathCompletion)
    /// A text was copied to the clipboard.
    case copied
    case resized(Size)
    /// Time has passed.
    case tick
}

/// An effect requested by a page, as data; the wizard performs it.
enum Effect: Equatable, Sendable {
    case look(Workflow, Answers, number: Int)
    /// Read the saved settings of an earlier run.
    case recall(Answers, number: Int)
    /// Collect the status of the installation; missing settings are those of the last install.
    case takeStatus(Answers, given: Set<Field.ID>)
    /// Collect it again whenever it changes.
    case watchStatus(Answers, given: Set<Field.ID>)
    /// Read the clients of the installation.
    case takeClients(Answers)
    /// Diagnose the installation.
    case examine(Answers, given: Set<Field.ID>, number: Int)
    /// List the installations that this machine knows.
    case listInstallations
    case start(Plan, Workflow, Answers)
    case rehearse(Plan)
    case summarize(RunState, Workflow, Answers, isRehearsal: Bool)
    /// Stop the current run.
    case stop
    /// Decide whether the stopped run is rolled back.
    case decide(InterruptionPolicy)
    case save([Field.ID: String], path: String)
    /// Complete the path that was typed.
    case complete(String)
    /// Copy a text to the terminal's clipboard.
    case copy(String)
}

/// Navigation after a message.
enum Navigation: Equatable, Sendable {
    case stay, next, back, quit
    /// To the first page of a workflow.
    case walk(Workflow)
    /// To a page of the workflow.
    case show(PageID)
    /// To the page of a field, and back here after it.
    case edit(Field.ID)
    /// Select another installation.
    case select(InstallationID)
    /// To a workflow for one client; empty: a new one.
    case manage(Workflow, client: String)
    /// To the Doctor page.
    case examine
    /// To the Status page.
    case showStatus
    /// After a run, to the proposal or the start page, with new facts.
    case restart(PageID)
    /// The same, to the page of a field first.
    case retry(editing: Field.ID)
    /// Re-run the checks with the current settings.
    case look
    /// Perform an effect, and stay on the page.
    case perform(Effect)
    /// Start a plan, and show its progress.
    case begin(Effect)
}
