import Installer

/// The workflow of a wizard: pure functions of settings and facts.
public struct WizardFlow: Sendable {
    public internal(set) var verb: Workflow
    private let places: InstallerPaths
    /// The user's home folder, abbreviated to `~` on pages.
    private let home: String
    private let production: ProductionNames

    public init(
        _ verb: Workflow, places: InstallerPaths, home: String,
        production: ProductionNames = ProductionNames()
    ) {
        self.verb = verb
        self.places = places
        self.home = home
        self.production = production
    }

    func plan(_ model: WizardModel) throws(PlanRefusal) -> Plan {
        try verb.plan(model.answers, model.facts, places: places, home: home)
    }

    /// Whether the client is still to be named, without whom there is nothing to plan.
    func lacksClient(_ answers: Answers) -> Bool {
        verb.isAboutOneClient && answers.name.isEmpty && answers.serials.isEmpty
    }

    func results(_ model: WizardModel) -> [CheckResult] { verb.checks.results(model.facts, model.answers) }

    /// The name of the selected context; empty where it is not known.
    func contextName(_ model: WizardModel) -> String {
        model.answers.context.isEmpty ? model.facts.contexts.value?.current ?? "" : model.answers.context
    }

    /// Whether the context's name looks like production.
    func isProduction(_ model: WizardModel) -> Bool { production.match(contextName(model)) }

    /// The question for the release's name, without which nothing destructive starts in production; nil: it is not
    /// required.
    func question(_ model: WizardModel) -> String? {
        guard !model.isRehearsal else { return nil }
        return production.question(before: verb, model.answers, in: contextName(model))
    }

    /// The folder of the certificates where none is set.
    func ownCertificates(_ model: WizardModel) -> String {
        short(places.certificates(of: model.answers.installation(model.facts)))
    }

    /// A text with the home folder abbreviated to `~`.
    func short(_ text: String) -> String { text.replacing("\(home)/", with: "~/") }
}

/// A page of the wizard, by name.
enum PageID: Hashable, Sendable {
    case start, status, clients, doctor, proposal, checks
    case form(String)
    case review, progress, done
}

extension Workflow {
    /// The pages in their order. The only setting of the cluster form is on the Checks page.
    func places(where isAsked: (Form) -> Bool = { _ in true }) -> [PageID] {
        [.start, .proposal, .checks] + forms.filter { $0 != .cluster && isAsked($0) }.map { .form($0.id) } + [
            .review, .progress, .done,
        ]
    }

    /// The title of its proposal.
    var heading: String {
        switch self {
        case .install: "Install BuildKit"
        case .rotate: "Rotate certificates"
        case .uninstall: "Uninstall BuildKit"
        case .sleep: "Scale BuildKit to zero"
        case .wake: "Wake BuildKit"
        default: title
        }
    }

    /// Whether it takes something away that cannot be restored by running it again: an installation, the access of
    /// clients, or what others have made.
    func isDestructive(_ answers: Answers) -> Bool {
        self == .uninstall || self == .revokeClient || self == .rotate && answers.renew == .finish
            || answers.takeOver
    }

    /// Whether it needs the name of a client.
    var isAboutOneClient: Bool { [.addClient, .renewClient, .revokeClient].contains(self) }

    /// The page of a field; nil if it is on no page.
    func place(asking field: Field.ID) -> PageID? {
        guard let form = form(asking: field) else { return nil }
        return form == .cluster ? .checks : .form(form.id)
    }

    func form(asking field: Field.ID) -> Form? {
        forms.first { $0.fields.contains { $0.id == field } }
    }
}

/// The initial page of a wizard, if the given settings are valid.
public enum InitialPage: Sendable {
    /// The start page.
    case start
    /// The first page of the workflow.
    case verb
    /// The status of the installation, refreshed when it changes.
    case status

    var place: PageID {
        switch self {
        case .start: .start
        case .verb: .proposal
        case .status: .status
        }
    }
}

/// The outcome of a wizard.
public enum WizardOutcome: Equatable, Sendable {
    /// The user quit before anything was started.
    case left
    /// The plan was executed, or a dry run was made; the summary has the outcome.
    case finished(RunSummary)
    /// A signal, or the end of the terminal, ended it; a run in progress was stopped and its changes were kept.
    case interrupted(signal: Int32?)
}
