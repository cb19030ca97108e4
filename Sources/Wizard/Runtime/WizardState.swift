import FoundationEssentials
import Installer
import Terminal

/// The wizard without a screen: a value that is changed by messages and can be drawn. It has no side effects.
struct WizardState {
    var model: WizardModel
    var place: PageID
    var outcome: WizardOutcome?
    var guide: WizardFlow
    var pages: [PageID: any Page]
    var dialog: Question?
    /// The page to return to after one field was edited.
    var detour: PageID?
    /// The result of the last run, after it was left for another page.
    var lastSummary: RunSummary?
    /// The outcome of the wizard after the current run has stopped.
    var end: WizardOutcome?

    /// The dialog over the page.
    enum Question {
        case help(Dialog.Reading)
        case leave
    }

    init(
        guide: WizardFlow, start: ResolvedAnswers, opening: InitialPage, isRehearsal: Bool, now: Date,
        size: Size
    ) {
        self.guide = guide
        model = WizardModel(start, now: now, size: size)
        model.isRehearsal = isRehearsal
        model.results = guide.results(model)
        pages = Self.pages(of: guide.verb)
        place = .start
        model.isWatching = opening == .status
        // Only the start page can show errors of settings that are on no page.
        enter(model.isWatching ? .status : model.strays.isEmpty ? firstWrong ?? opening.place : .start)
    }

    static func pages(of verb: Workflow) -> [PageID: any Page] {
        var pages: [PageID: any Page] = [
            .start: HomePage(), .status: StatusPage(), .doctor: DoctorPage(),
            .clients: ClientsPage(), .proposal: ProposalPage(), .checks: ChecksPage(), .review: ReviewPage(),
            .progress: ProgressPage(),
            .done: SummaryPage(),
        ]
        for form in verb.forms { pages[.form(form.id)] = FormPage(form) }
        return pages
    }

    /// The first page with an error.
    var firstWrong: PageID? {
        let wrong = model.problems.compactMap { guide.verb.place(asking: $0.field) }
        return guide.verb.places().first { wrong.contains($0) }
    }

    /// The pages to show, in their order.
    var places: [PageID] { guide.verb.places { model.asks($0) } }

    /// The pages with a number: those on which something can be changed before the run.
    var numbered: [PageID] {
        places.filter { place in if case .form = place { true } else { [.checks, .review].contains(place) } }
    }

    /// Whether the clock is running.
    var isBusy: Bool { model.isBusy }

    /// Effects to perform before the first message.
    mutating func begin() -> [Effect] {
        place == .status ? takeStatus() : [look()] + (place == .start ? [.listInstallations] : [])
    }

    mutating func handle(_ message: Message, at now: Date) -> [Effect] {
        model.now = now
        switch message {
        case .resized(let size): model.size = size
        case .facts(let facts, let number):
            guard number == model.look else { return [] }
            model.facts = facts
        case .recalled(let saved, let number):
            guard number == model.look else { return [] }
            // The namespace may have been changed meanwhile: these are another installation's.
            guard model.lookedWith?.installation == model.answers.installation else { return [look()] }
            model.recall(saved)
            return [look()]
        case .looked(let number):
            guard number == model.look else { return [] }
            model.isLooking = false
        case .status(let status, let id):
            guard model.wants(id) else { return [] }
            model.status = status
            model.isTakingStatus = false
        case .clients(let clients, let id):
            guard model.wants(id) else { return [] }
            model.clients = clients
            model.isTakingClients = false
        case .findings(let findings, let number):
            guard number == model.examination else { return [] }
            model.findings = findings
        case .examined(let number):
            guard number == model.examination else { return [] }
            model.isExamining = false
        case .installations(let installations): model.installations = installations
        case .run(let event): model.run?.apply(event)
        case .summary(let summary): model.summary = summary
        case .key(let key):
            guard !layout.isTooSmall || key == .control("c") else { return [] }
            if let taken = handle(key) { return taken }
        case .click(let id):
            guard !layout.isTooSmall else { return [] }
            if let taken = click(id, at: now) { return taken }
        case .paste, .saved, .completed, .copied, .tick: break
        }
        let effects = update(message)
        // A run changes neither facts nor settings, and its tools may print thousands of lines a second.
        if case .run = message {} else { model.results = guide.results(model) }
        return effects + conclude(message)
    }

    /// Ends the wizard on a signal or when the terminal is closed. A run is stopped first, and its changes are kept.
    mutating func interrupt(signal: Int32?) -> [Effect] {
        guard model.isRunning else {
            outcome = .interrupted(signal: signal)
            return []
        }
        // The first reason applies; the run is already being stopped.
        guard end == nil else { return [] }
        end = .interrupted(signal: signal)
        return [.stop, .decide(.keep)]
    }

    /// After a run its summary is requested; after that the last page is shown.
    mutating func conclude(_ message: Message) -> [Effect] {
        switch message {
        case .run(.ended):
            outcome = end
            guard let run = model.run else { return [] }
            return [.summarize(run, guide.verb, model.named, isRehearsal: model.isRehearsal)]
        case .summary: enter(.done)
        default: break
        }
        return []
    }

    /// One at a time: a second one would interfere with the first.
    mutating func takeStatus() -> [Effect] {
        model.prepareReports()
        guard !model.isTakingStatus else { return [] }
        model.isTakingStatus = true
        return [
            model.isWatching
                ? .watchStatus(model.answers, given: model.given)
                : .takeStatus(model.answers, given: model.given)
        ]
    }

    mutating func takeClients() -> [Effect] {
        model.prepareReports()
        guard !model.isTakingClients else { return [] }
        model.isTakingClients = true
        return [.takeClients(model.answers)]
    }

    mutating func examine() -> [Effect] {
        model.prepareReports()
        model.examination += 1
        (model.findings, model.isExamining) = (nil, true)
        return [.examine(model.answers, given: model.given, number: model.examination)]
    }

    mutating func look() -> Effect {
        model.look += 1
        model.isLooking = true
        model.lookedWith = model.answers
        if model.recalledFor != model.answers.installation {
            return .recall(model.answers, number: model.look)
        }
        return .look(guide.verb, model.answers, number: model.look)
    }
}

// MARK: - Keys of every page

extension WizardState {
    var context: PageContext { PageContext(model: model, guide: guide) }

    /// Handles a global key; nil: the page handles it.
    private mutating func handle(_ key: Key) -> [Effect]? {
        switch dialog {
        case .help(let reading):
            var help = help(reading)
            dialog = help.read(key, in: model.size) ? .help(help.reading) : nil
        case .leave:
            dialog = nil
            if key == .character("q") || key == .control("c") { outcome = ending }
        case nil:
            if key == .function(1) || (key == .character("?") && !takesText) {
                dialog = .help(Dialog.Reading())
            } else if key == .control("c"), place != .progress {
                dialog = .leave
            } else if case .alt(let digit) = key, let number = digit.wholeNumberValue, isListed {
                return jump(to: number)
            } else if case .character(let digit) = key, let number = digit.wholeNumberValue, isListed,
                !takesText
            {
                return jump(to: number)
            } else {
                return nil
            }
        }
        return []
    }

    private var takesText: Bool { pages[place]?.takesText(context) ?? false }

    /// Handles a click outside the page's own areas; nil: the page handles it.
    private mutating func click(_ id: String, at now: Date) -> [Effect]? {
        guard dialog == nil else {
            dialog = nil
            return []
        }
        if let number = id.number(after: "page ") { return jump(to: number) }
        guard id.hasPrefix("key ") else { return nil }
        return Key(hint: String(id.dropFirst(4))).map { handle(.key($0), at: now) } ?? []
    }
}
