import Installer

/// What a wizard has to know of the verb that it walks through: pure functions of answers and facts.
public struct WizardFlow: Sendable {
    public internal(set) var verb: Workflow
    private let places: InstallerPaths
    /// The user's home folder, which is written as `~` on pages.
    private let home: String

    public init(_ verb: Workflow, places: InstallerPaths, home: String) {
        self.verb = verb
        self.places = places
        self.home = home
    }

    func plan(_ model: WizardModel) throws(PlanRefusal) -> Plan {
        try verb.plan(model.answers, model.facts, places: places, home: home)
    }

    func results(_ model: WizardModel) -> [CheckResult] { verb.checks.results(model.facts, model.answers) }

    /// A text with the paths in it as people write them.
    func short(_ text: String) -> String { text.replacing("\(home)/", with: "~/") }
}

/// A page of the wizard, by name.
enum PageID: Hashable, Sendable {
    case start, status, checks
    case form(String)
    case review, progress, done
}

extension Workflow {
    /// The pages in the order in which they are walked. The cluster's only question is on the page of the
    /// checks.
    func places(where isAsked: (Form) -> Bool = { _ in true }) -> [PageID] {
        [.start, .checks] + forms.filter { $0 != .cluster && isAsked($0) }.map { .form($0.id) } + [
            .review, .progress, .done,
        ]
    }

    /// The page that asks a field; nil for what no page asks.
    func place(asking field: Field.ID) -> PageID? {
        guard let form = form(asking: field) else { return nil }
        return form == .cluster ? .checks : .form(form.id)
    }

    func form(asking field: Field.ID) -> Form? {
        forms.first { $0.fields.contains { $0.id == field } }
    }
}

/// The page that a wizard opens on, if nothing is wrong with the answers that it was given.
public enum InitialPage: Sendable {
    /// What there is to do.
    case start
    /// The first page of the verb.
    case verb
    /// How the installation fares, again and again.
    case status

    var place: PageID {
        switch self {
        case .start: .start
        case .verb: .checks
        case .status: .status
        }
    }
}

/// How a wizard ended.
public enum WizardOutcome: Equatable, Sendable {
    /// The user left before anything was begun.
    case left
    /// The plan was run or rehearsed: well, or not, or stopped; the summary says so.
    case finished(RunSummary)
    /// A signal, or the end of the terminal, ended it; a run that was under way was stopped and kept.
    case interrupted(signal: Int32?)
}
