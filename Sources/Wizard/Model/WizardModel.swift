import FoundationEssentials
import Installer
import Terminal

/// State shared by all pages: settings and facts. Pages read it, and change the settings.
struct WizardModel: Equatable, Sendable {
    var answers: Answers
    /// The settings given in this run; saved settings of an earlier run do not replace them.
    private(set) var given: Set<Field.ID>
    /// The pages to show; nil: all.
    private var asked: Set<Form.ID>?
    /// The installation whose saved settings were applied.
    private(set) var recalledFor: InstallationID?
    /// Errors in given settings; the previous value is still in use.
    var refusals: [AnswerError]
    var facts = Facts()
    /// The settings of the last or current query run.
    var lookedWith: Answers?
    /// The number of the newest query run; results of older ones are ignored.
    var look = 0
    var isLooking = false
    var results: [CheckResult] = []
    var status: StatusReport?
    var isTakingStatus = false
    var clients: ClientReport?
    var isTakingClients = false
    var findings: DoctorReport?
    /// The number of the newest examination; results of older ones are ignored.
    var examination = 0
    var isExamining = false
    var installations: [KnownInstallation] = []
    /// The installation of the reports.
    private var reportsOf: InstallationID?
    /// Whether a run has changed something, or tried to.
    var hasRun = false
    private let initial: Answers
    private let initiallyGiven: Set<Field.ID>
    private let initialRefusals: [AnswerError]
    /// Whether the status is refreshed when it changes.
    var isWatching = false
    var run: RunState?
    var summary: RunSummary?
    var isRehearsal = false
    var now: Date
    var size: Size
    /// The size of the page's area.
    var body: Size

    init(_ start: ResolvedAnswers, now: Date, size: Size) {
        answers = start.answers
        initial = start.answers
        given = Set(start.origins.keys)
        initiallyGiven = given
        asked = start.pages
        refusals = start.problems.filter { !start.answers.validationErrors.contains($0) }
        initialRefusals = refusals
        self.now = now
        self.size = size
        body = size
    }

    /// Whether work is in progress.
    var isBusy: Bool {
        isLooking || isTakingStatus || isTakingClients || isExamining || isRunning
            || (run != nil && summary == nil)
    }

    var isRunning: Bool { run.map { $0.endedAt == nil } ?? false }

    /// The answers with the names of the chart's objects, as far as they are known.
    var named: Answers { answers.named(by: facts) }

    /// All errors in the settings.
    var problems: [AnswerError] {
        refusals.filter { !strays.contains($0) } + answers.validationErrors
    }

    /// Errors in settings that are on no page: a misspelt variable, a flag that does not apply.
    var strays: [AnswerError] {
        refusals.filter { !(Field.named($0.field)?.isAsked(with: answers) ?? false) }
    }

    /// The user has seen the errors, and continues without these settings.
    mutating func drop(_ problems: [AnswerError]) { refusals.removeAll { problems.contains($0) } }

    /// The error of a field, if any.
    func problem(of field: Field.ID) -> AnswerError? { problems.first { $0.field == field } }

    /// Whether a page is shown: it was selected, or has an error.
    func asks(_ form: Form) -> Bool {
        guard let asked else { return true }
        return asked.contains(form.id) || problems.contains { form.fields.map(\.id).contains($0.field) }
    }

    /// A page that was shown once remains in the list, so that the user can return to it.
    mutating func ask(_ form: Form.ID) { asked?.insert(form) }

    /// Stores a setting; if it is rejected, the reason is kept.
    mutating func store(_ text: String, for field: Field) {
        refusals.removeAll { $0.field == field.id }
        given.insert(field.id)
        do throws(AnswerError) { try field.store(text, in: &answers) } catch { refusals.append(error) }
    }

    /// Shows an error below a field, until its text is stored again.
    mutating func refuse(_ error: AnswerError) {
        refusals.removeAll { $0.field == error.field }
        refusals.append(error)
    }

    /// The user has confirmed the values of a page: they count as given, and saved settings of another installation do
    /// not replace them.
    mutating func confirm(_ form: Form) {
        let asked = form.fields.filter { field in field.isAsked(with: answers) && problem(of: field.id) == nil
        }
        given.formUnion(asked.map(\.id))
    }

    /// Restores the previous value of a rejected setting; the rejection remains recorded.
    mutating func restore(_ text: String, of field: Field) {
        do throws(AnswerError) { try field.store(text, in: &answers) } catch { refusals.append(error) }
    }

    /// Selects another installation. Neither what was seen nor what was typed for the former one holds for it; what was
    /// given at the start does, also where it was refused.
    mutating func select(_ id: InstallationID) {
        (answers, given, refusals) = (initial, initiallyGiven, initialRefusals)
        for (field, text) in [
            (Field.context, id.context), (.namespace, id.namespace), (.release, id.release),
        ] {
            store(text, for: field)
        }
        (facts, lookedWith, recalledFor) = (Facts(), nil, nil)
    }

    /// The installation of the settings of the start, in another context.
    func installation(in context: String) -> InstallationID {
        InstallationID(context: context, namespace: initial.namespace, release: initial.release)
    }

    /// A workflow begins: consents, and settings about one client or one removal, are those of the start.
    mutating func forgetWhatWasMeantForOneRun() {
        for field in [Field.name, .role, .bundle, .serial, .now, .remove, .confirm, .force, .takeOver] {
            refusals.removeAll { $0.field == field.id }
            // The value was valid when the wizard started.
            try? field.store(field.text(in: initial), in: &answers)
            if !initiallyGiven.contains(field.id) { given.remove(field.id) }
        }
    }

    /// Reports are about the installation that is selected now.
    mutating func prepareReports() {
        guard reportsOf != answers.installation else { return }
        forgetReports()
        reportsOf = answers.installation
    }

    /// Reports of before a run, or of another installation, are outdated, also those on their way.
    mutating func forgetReports() {
        reportsOf = nil
        examination += 1
        (status, clients, findings) = (nil, nil, nil)
        (isTakingStatus, isTakingClients, isExamining) = (false, false, false)
    }

    /// What holds before the start, on the pages that show a plan.
    var promise: String {
        isRehearsal ? "Dry run: no changes will be made." : hasRun ? "" : "No changes have been made yet."
    }

    /// Whether a report is about the installation that is selected now.
    func wants(_ id: InstallationID?) -> Bool { id == nil || id == reportsOf }

    /// Applies the saved settings of an earlier run.
    mutating func recall(_ saved: [Field.ID: String]) {
        answers.recall(saved, except: given)
        recalledFor = answers.installation
    }

    /// Whether a new query run would read other objects.
    var needsLook: Bool {
        guard let lookedWith else { return true }
        return lookedWith.installation != answers.installation
            || lookedWith.certificates != answers.certificates
            || lookedWith.certs != answers.certs
    }
}
