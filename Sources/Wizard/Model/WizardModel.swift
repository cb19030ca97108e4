import FoundationEssentials
import Installer
import Terminal

/// What all pages share: the answers and what is known. Pages read it, and change the answers.
struct WizardModel: Equatable, Sendable {
    var answers: Answers
    /// The questions that were answered now; what is kept of an earlier run does not replace these.
    private(set) var given: Set<Field.ID>
    /// The pages that are asked; nil: all of them.
    private var asked: Set<Form.ID>?
    /// The installation whose kept answers are among the answers.
    private(set) var recalledFor: InstallationID?
    /// What is wrong with answers as they were given; the answer itself is still the one before.
    var refusals: [AnswerError]
    var facts = Facts()
    /// The answers that were looked with, or are being looked with.
    var lookedWith: Answers?
    /// The number of the newest look; older ones no longer count.
    var look = 0
    var isLooking = false
    var results: [CheckResult] = []
    var status: StatusReport?
    var isTakingStatus = false
    /// Whether the status is taken again and again.
    var isWatching = false
    var run: RunState?
    var summary: RunSummary?
    var isRehearsal = false
    var now: Date
    var size: Size

    init(_ start: ResolvedAnswers, now: Date, size: Size) {
        answers = start.answers
        given = Set(start.origins.keys)
        asked = start.pages
        refusals = start.problems.filter { !start.answers.validationErrors.contains($0) }
        self.now = now
        self.size = size
    }

    /// Whether time matters: something is under way.
    var isBusy: Bool {
        isLooking || isTakingStatus || isWatching || isRunning || (run != nil && summary == nil)
    }

    var isRunning: Bool { run.map { $0.endedAt == nil } ?? false }

    /// Everything that is wrong with the answers.
    var problems: [AnswerError] {
        refusals.filter { !strays.contains($0) } + answers.validationErrors
    }

    /// What is wrong with answers that no page asks for: a misspelt variable, a flag that does not apply.
    var strays: [AnswerError] {
        refusals.filter { !(Field.named($0.field)?.isAsked(with: answers) ?? false) }
    }

    /// The user has seen what is wrong, and goes on without it.
    mutating func drop(_ problems: [AnswerError]) { refusals.removeAll { problems.contains($0) } }

    /// What is wrong with a field, if anything is.
    func problem(of field: Field.ID) -> AnswerError? { problems.first { $0.field == field } }

    /// Whether a page is walked: it is to be asked, or something on it is wrong.
    func asks(_ form: Form) -> Bool {
        guard let asked else { return true }
        return asked.contains(form.id) || problems.contains { form.fields.map(\.id).contains($0.field) }
    }

    /// A page that was shown once is among those that are asked, so that one can come back to it.
    mutating func ask(_ form: Form.ID) { asked?.insert(form) }

    /// Takes an answer; where it is refused, the reason is kept.
    mutating func store(_ text: String, for field: Field) {
        refusals.removeAll { $0.field == field.id }
        given.insert(field.id)
        do throws(AnswerError) { try field.store(text, in: &answers) } catch { refusals.append(error) }
    }

    /// The user has seen the answers of a page and gone on: from now on they are as good as given, and what is kept of
    /// another installation does not replace them.
    mutating func confirm(_ form: Form) {
        let asked = form.fields.filter { field in field.isAsked(with: answers) && problem(of: field.id) == nil
        }
        given.formUnion(asked.map(\.id))
    }

    /// Puts an earlier answer back in place of one that was refused, which stays known as refused.
    mutating func restore(_ text: String, of field: Field) {
        do throws(AnswerError) { try field.store(text, in: &answers) } catch { refusals.append(error) }
    }

    /// Takes the answers that are kept of an earlier run there.
    mutating func recall(_ saved: [Field.ID: String]) {
        answers.recall(saved, except: given)
        recalledFor = answers.installation
    }

    /// Whether looking again would look at something else.
    var needsLook: Bool {
        guard let lookedWith else { return true }
        return lookedWith.installation != answers.installation
            || lookedWith.certificates != answers.certificates
            || lookedWith.certs != answers.certs
    }
}
