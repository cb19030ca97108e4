/// Something that the installer does by a plan: what it asks, what it looks at, and what it works out from both.
///
/// The wizard walks any of them and the command line runs any of them; neither knows one from another.
public struct Workflow: Identifiable, Sendable {
    public typealias ID = String

    /// As it is typed: "install".
    public let id: ID
    /// As the start page lists it: "Install".
    public let title: String
    /// What it is good for, in a few words.
    public let meaning: String
    /// What the review page offers, on the key of its first letter: "install".
    public let go: String
    /// The pages of questions, in their order.
    public let forms: [Form]
    public let checks: [Check]
    /// What admission is to be asked about beforehand; nil: nothing is made.
    private let request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)?
    /// What it looks at beyond what every verb does.
    private let looks: Set<FactCollector.Extra>
    /// Whether its command line starts from the answers that an installation was made with, where they are kept. The
    /// wizard always does: it shows them before anything happens.
    public let recalls: Bool
    /// What a run of it comes to, in words.
    public let report: WorkflowMessages
    private let planner: Planner

    typealias Planner =
        @Sendable (Answers, Facts, InstallerPaths, _ home: String) throws(PlanRefusal) -> Plan

    init(
        id: ID, title: String, meaning: String, go: String? = nil, forms: [Form], checks: [Check],
        looks: Set<FactCollector.Extra> = [], recalls: Bool = true,
        request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)? = nil,
        report: WorkflowMessages,
        planner: @escaping Planner
    ) {
        self.id = id
        self.title = title
        self.meaning = meaning
        self.go = go ?? id
        self.forms = forms
        self.checks = checks
        self.looks = looks
        self.request = request
        self.recalls = recalls
        self.report = report
        self.planner = planner
    }

    /// What has to be done so that the answers come true.
    ///
    /// - Parameter home: the user's home folder, which answers may name as `~`.
    /// - Throws: where something that it depends on could not be read.
    public func plan(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        try planner(answers, facts, places, home)
    }

    /// What has to be looked at before.
    public func survey(_ answers: Answers, in dependencies: Dependencies) -> FactCollector {
        FactCollector(dependencies: dependencies, answers: answers, including: looks, asking: request)
    }

    /// The key that begins it: the first letter of ``go``.
    public var key: String { String(go.prefix(1)) }

    /// Whether its answers become the chart's values.
    public var asksForValues: Bool { forms.contains { $0.id == Form.builder.id } }

    /// The answers to its questions, as an answers file has them.
    public func texts(of answers: Answers) -> [Field.ID: String] { answers.texts(of: forms.fields) }

    /// The one command line that gives these answers without the wizard. It names the installation, so that it means
    /// the same one wherever and whenever it is pasted.
    public func commandLine(_ answers: Answers, at installation: InstallationID) -> String {
        // Consent to take something over is asked on no page but the install's, and belongs to each of these lines.
        let fields = forms.fields.filter { $0.id != Field.takeOver.id } + [.takeOver]
        return answers.commandLine(of: id, fields, at: installation)
    }
}

extension Workflow: Equatable {
    public static func == (left: Workflow, right: Workflow) -> Bool { left.id == right.id }
}

extension Workflow {
    /// Every one, in the order of the start page.
    public static let all: [Workflow] = [.install, .rotate, .uninstall]
}

/// What a verb has to say about its runs.
public struct WorkflowMessages: Sendable {
    /// What is done, as a noun: "installation".
    let subject: String
    /// What a run came to that succeeded, and the same as a sentence without its end.
    let outcome: @Sendable (RunState) -> (RunSummary.Outcome, headline: String)
    /// The sentence of a run that changed something, where it names what was asked for.
    var headline: (@Sendable (Answers, RunState) -> String)?
    /// What there is to say of such a run in place of what is installed; nil: that.
    var account: (@Sendable (RunState) -> [String])?
    /// What the user should know besides; sentences.
    var remarks: @Sendable (RunState) -> [String] = { _ in [] }
    /// What to type after such a run.
    let next: @Sendable (Answers, InstallationID) -> [NextCommand]
}
