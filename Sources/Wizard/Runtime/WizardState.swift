import FoundationEssentials
import Installer
import Terminal

/// The wizard without a screen: a value that messages change and that can be drawn. It performs nothing.
struct WizardState {
    private(set) var model: WizardModel
    private(set) var place: PageID
    private(set) var outcome: WizardOutcome?
    private(set) var guide: WizardFlow
    private var pages: [PageID: any Page]
    private var dialog: Question?
    /// What the walk will have come to when the run that is being stopped is over.
    private var end: WizardOutcome?

    /// What is asked or told over the page.
    private enum Question { case help, leave }

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
        // Only the start page can tell what no page asks for.
        enter(model.isWatching ? .status : model.strays.isEmpty ? firstWrong ?? opening.place : .start)
    }

    private static func pages(of verb: Workflow) -> [PageID: any Page] {
        var pages: [PageID: any Page] = [
            .start: HomePage(), .status: StatusPage(), .checks: ChecksPage(), .review: ReviewPage(),
            .progress: ProgressPage(),
            .done: SummaryPage(),
        ]
        for form in verb.forms { pages[.form(form.id)] = FormPage(form) }
        return pages
    }

    /// The first page with something wrong on it.
    private var firstWrong: PageID? {
        let wrong = model.problems.compactMap { guide.verb.place(asking: $0.field) }
        return guide.verb.places().first { wrong.contains($0) }
    }

    /// The pages that are walked, in their order.
    private var places: [PageID] { guide.verb.places { model.asks($0) } }

    /// Whether the clock should go on.
    var isBusy: Bool { model.isBusy }

    /// What is to be done before the first message.
    mutating func begin() -> [Effect] { place == .status ? takeStatus() : [look()] }

    mutating func handle(_ message: Message, at now: Date) -> [Effect] {
        model.now = now
        switch message {
        case .resized(let size): model.size = size
        case .facts(let facts, let number):
            guard number == model.look else { return [] }
            model.facts = facts
        case .recalled(let saved, let number):
            guard number == model.look else { return [] }
            model.recall(saved)
            return [look()]
        case .looked(let number):
            guard number == model.look else { return [] }
            model.isLooking = false
        case .status(let status):
            model.status = status
            model.isTakingStatus = false
        case .run(let event): model.run?.apply(event)
        case .summary(let summary): model.summary = summary
        case .key(let key):
            guard !Chrome(size: model.size).isTooSmall || key == .control("c") else { return [] }
            if let taken = handle(key) { return taken }
        case .paste, .saved, .tick: break
        }
        let effects = update(message)
        model.results = guide.results(model)
        return effects + conclude(message)
    }

    /// Ends the walk because a signal says so, or the terminal is gone. A run is stopped first, and kept.
    mutating func interrupt(signal: Int32?) -> [Effect] {
        guard model.isRunning else {
            outcome = .interrupted(signal: signal)
            return []
        }
        // The first reason counts; the run is being stopped already.
        guard end == nil else { return [] }
        end = .interrupted(signal: signal)
        return [.stop, .decide(.keep)]
    }

    /// When a run is over, somebody sums it up; when it is summed up, the last page comes.
    private mutating func conclude(_ message: Message) -> [Effect] {
        switch message {
        case .run(.ended):
            outcome = end
            guard let run = model.run else { return [] }
            return [.summarize(run, guide.verb, model.answers, isRehearsal: model.isRehearsal)]
        case .summary: enter(.done)
        default: break
        }
        return []
    }

    /// One at a time: a second one would only be in the first one's way.
    private mutating func takeStatus() -> [Effect] {
        guard !model.isTakingStatus else { return [] }
        model.isTakingStatus = true
        return [.takeStatus(model.answers, given: model.given)]
    }

    private mutating func look() -> Effect {
        model.look += 1
        model.isLooking = true
        if model.recalledFor != model.answers.installation {
            return .recall(model.answers, number: model.look)
        }
        model.lookedWith = model.answers
        return .look(guide.verb, model.answers, number: model.look)
    }
}

// MARK: - Going from page to page

extension WizardState {
    private mutating func update(_ message: Message) -> [Effect] {
        guard var page = pages[place] else { return [] }
        let move = page.update(message, &model, guide)
        pages[place] = page
        return go(move)
    }

    private mutating func go(_ move: Navigation) -> [Effect] {
        switch move {
        case .stay: return []
        case .next: return leave(towards: 1)
        case .back:
            guard place != .start else {
                dialog = .leave
                return []
            }
            guard place != .status else {
                enter(.start)
                return []
            }
            return leave(towards: -1)
        case .quit:
            outcome = ending
            return []
        case .walk(let verb): return begin(verb)
        case .showStatus:
            enter(.status)
            return takeStatus()
        case .look: return [look()]
        case .perform(let effect): return [effect]
        case .begin(let effect):
            if case .start(let plan, _, _) = effect { model.run = RunState(plan) }
            if case .rehearse(let plan) = effect { model.run = RunState(plan) }
            enter(.progress)
            return [effect]
        }
    }

    private mutating func begin(_ verb: Workflow) -> [Effect] {
        guard verb != guide.verb else { return leave(towards: 1) }
        guide.verb = verb
        pages = Self.pages(of: verb)
        model.facts = Facts()
        enter(.checks)
        return [look()]
    }

    private mutating func leave(towards direction: Int) -> [Effect] {
        let places = places
        guard let index = places.firstIndex(of: place), places.indices.contains(index + direction)
        else { return [] }
        if direction > 0, case .form(let id) = place,
            let form = guide.verb.forms.first(where: { $0.id == id })
        {
            model.confirm(form)
        }
        let target = places[index + direction]
        // What was answered later may contradict what was answered before.
        let wrong = firstWrong.flatMap { places[...index].contains($0) ? $0 : nil }
        let goal = direction > 0 ? wrong ?? target : target
        let isStale = model.needsLook || (goal == .review && model.lookedWith != model.answers)
        enter(goal)
        return isStale ? [look()] : []
    }

    private mutating func enter(_ place: PageID) {
        self.place = place
        if case .form(let id) = place { model.ask(id) }
        guard var page = pages[place] as? FormPage else { return }
        page.enter(model)
        pages[place] = page
    }

    private var ending: WizardOutcome { model.summary.map { .finished($0) } ?? .left }
}

// MARK: - Keys of every page

extension WizardState {
    private var context: PageContext { PageContext(model: model, guide: guide) }

    /// Handles a key that means the same everywhere; nil: it is the page's.
    private mutating func handle(_ key: Key) -> [Effect]? {
        switch dialog {
        case .help: dialog = nil
        case .leave:
            dialog = nil
            if key == .character("q") || key == .control("c") { outcome = ending }
        case nil:
            if key == .function(1) || (key == .character("?") && !takesText) {
                dialog = .help
            } else if key == .control("c"), place != .progress {
                dialog = .leave
            } else {
                return nil
            }
        }
        return []
    }

    private var takesText: Bool { pages[place]?.takesText(context) ?? false }
}

// MARK: - Drawing

extension WizardState {
    var frame: Frame {
        var frame = Frame(size: model.size)
        let chrome = Chrome(size: model.size)
        guard !chrome.isTooSmall, let page = pages[place] else {
            chrome.drawTooSmall(into: &frame)
            return frame
        }
        let hints = page.hints(context)
        let places = places
        // Pages are counted as far as something is asked: the rest would look like the progress of the run.
        let counted = places.prefix { $0 != .progress }
        chrome.draw(
            title: page.title(model), name: model.isRehearsal ? "dry run" : "buildkit-installer",
            page: counted.firstIndex(of: place) ?? 0, of: counted.count - 1, hints: hints, into: &frame)
        frame.draw(in: chrome.body) { page.draw(into: &$0, context) }
        switch dialog {
        case .help: Dialog.help(hints, on: place).draw(into: &frame)
        case .leave: Dialog.leaving(hasBegun: model.run != nil).draw(into: &frame)
        case nil: break
        }
        return frame
    }
}
