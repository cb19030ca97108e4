/// An operation that the installer performs by a plan: its questions, its checks, and its planner.
///
/// The wizard and the command line handle every workflow in the same way.
public struct Workflow: Identifiable, Sendable {
    public typealias ID = String

    /// The command: "install".
    public let id: ID
    /// The title on the start page: "Install".
    public let title: String
    /// Its purpose, in a few words.
    public let meaning: String
    /// The key that starts it there; none of the page's other keys.
    public let key: String
    /// The pages of questions, in order.
    public let forms: [Form]
    /// The settings that only its command line has.
    private let options: [Field]
    public let checks: [Check]
    /// Creates the admission request; nil: nothing is created.
    private let request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)?
    /// The facts that it needs beyond those of every command.
    private let looks: Set<FactCollector.Extra>
    /// Those of them that these answers do not need, given the files of this machine.
    private let spares: @Sendable (Answers, Dependencies) -> Set<FactCollector.Extra>
    /// Whether its command line starts from the saved answers of an installation. The wizard always does, because it
    /// shows them before anything happens.
    public let recalls: Bool
    /// The messages about its runs.
    public let report: WorkflowMessages
    private let planner: Planner

    typealias Planner =
        @Sendable (Answers, Facts, InstallerPaths, _ home: String) throws(PlanRefusal) -> Plan

    init(
        id: ID, title: String, meaning: String, key: String, forms: [Form], options: [Field] = [],
        checks: [Check], looks: Set<FactCollector.Extra> = [],
        spares: @escaping @Sendable (Answers, Dependencies) -> Set<FactCollector.Extra> = { _, _ in [] },
        recalls: Bool = true,
        request: (@Sendable (Answers, Facts, Dependencies) -> AdmissionRequest?)? = nil,
        report: WorkflowMessages,
        planner: @escaping Planner
    ) {
        self.id = id
        self.title = title
        self.meaning = meaning
        self.key = key
        self.forms = forms
        // Every command has this one; only its errors name it.
        self.options = options + [.loginTimeout]
        self.checks = checks
        self.looks = looks
        self.spares = spares
        self.request = request
        self.recalls = recalls
        self.report = report
        self.planner = planner
    }

    /// The steps that implement the answers. The commands in its notes name the installation.
    ///
    /// - Parameter home: the user's home folder, which answers may name as `~`.
    /// - Throws: where a fact that it depends on could not be read.
    public func plan(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        let installation = answers.installation(facts)
        do throws(PlanRefusal) {
            var plan = try planner(answers.named(by: facts), facts, places, home)
            plan.notes = plan.notes.map {
                installation.pinned($0, builder: answers.builder, settings: facts.settings)
            }
            plan.flags = flags(answers)
            // A command without that setting has it from the saved ones, or does not know it.
            if flagged.contains(where: { $0.id == Field.certs.id }) {
                plan.certificateFolder =
                    CertificateLayout(answers, installation: installation, places: places, home: home).outer
                    .path
            }
            return plan
        } catch { throw error.pinned(to: installation, builder: answers.builder) }
    }

    /// The collector of the facts that these answers need.
    public func survey(_ answers: Answers, in dependencies: Dependencies) -> FactCollector {
        FactCollector(
            dependencies: dependencies, answers: answers,
            including: looks.subtracting(spares(answers, dependencies)), asking: request)
    }

    /// The collector of the facts that the wizard shows, and that its answers may need as soon as they change.
    public func surveyForPages(_ answers: Answers, in dependencies: Dependencies) -> FactCollector {
        FactCollector(
            // The start page lists all installations, and offers a sleep or a wake-up by the state of BuildKit.
            dependencies: dependencies, answers: answers,
            including: looks.union([.kubeconfig, .scale, .installations]), asking: request)
    }

    /// The action on the review page: "install".
    public var go: String { title.lowercased() }

    /// Whether its answers become chart values.
    public var asksForValues: Bool { forms.contains { $0.id == Form.builder.id } }

    /// The answers to its questions, in the form of an answers file.
    public func texts(of answers: Answers) -> [Field.ID: String] { answers.texts(of: forms.fields) }

    /// The complete command line for these answers. It names the installation, so that it does not depend on the
    /// current context.
    public func commandLine(_ answers: Answers, at installation: InstallationID) -> String {
        start(of: answers).commandLine(of: id, flagged, at: installation)
    }

    /// The flags of these answers, beside those of the installation, that the same plan needs again. A command line that
    /// does not start from the saved answers is complete, which `--yes` says.
    public func flags(_ answers: Answers) -> [String] {
        start(of: answers).flagsBesideInstallation(of: flagged) + (recalls ? [] : ["--yes"])
    }

    /// The answers, with the saved ones only where the command line starts from them.
    private func start(of answers: Answers) -> Answers {
        var answers = answers
        if !recalls { answers.recalled = [:] }
        return answers
    }

    /// The settings of its command line. Only the install page has the consent to take over, but it belongs to each of
    /// them, except those that replace nothing.
    private var flagged: [Field] {
        let consent: [Field] = forms.contains(.scaling) ? [] : [.takeOver]
        return (forms.fields + options).filter { $0.id != Field.takeOver.id } + consent
    }
}

extension Workflow: Equatable {
    public static func == (left: Workflow, right: Workflow) -> Bool { left.id == right.id }
}

extension Workflow {
    /// All workflows, in the order of the start page.
    public static let all: [Workflow] = [.install, .rotate, .uninstall]
}

/// The messages of a workflow about its runs.
public struct WorkflowMessages: Sendable {
    /// The operation as a noun: "installation".
    let subject: String
    /// The outcome of a successful run, and its headline without a full stop.
    let outcome: @Sendable (RunState) -> (RunSummary.Outcome, headline: String)
    /// The headline of a run with changes, where it names a requested object.
    var headline: (@Sendable (Answers, RunState) -> String)?
    /// The lines that replace the description of the installation; nil: none.
    var account: (@Sendable (RunState) -> [String])?
    /// Further remarks for the user, as sentences.
    var remarks: @Sendable (RunState) -> [String] = { _ in [] }
    /// The next commands after a successful run.
    let next: @Sendable (Answers, InstallationID) -> [NextCommand]
}
