import FoundationEssentials
import Installer
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// A walk without a screen: messages go in, effects and frames come out.
struct Stage {
    private(set) var walk: WizardState
    private(set) var effects: [Effect]
    private var now = Sample.now
    /// What looks find.
    private var found: Facts

    init(
        columns: Int = 80, rows: Int = 24, answers: Answers = Sample.answers, problems: [AnswerError] = [],
        pages: Set<Form.ID>? = nil, isRehearsal: Bool = false, facts: Facts? = Sample.facts
    ) {
        var start = AnswerSources().resolve()
        start.answers = answers
        start.problems = problems
        start.pages = pages
        walk = WizardState(
            guide: Sample.guide, start: start, opening: .start, isRehearsal: isRehearsal, now: now,
            size: Size(columns: columns, rows: rows))
        found = facts ?? Sample.facts
        effects = walk.begin()
        // What is kept of an earlier run is what was answered.
        send(.recalled(answers.texts(of: Field.all), look: walk.model.look))
        if let facts { look(facts) }
    }

    /// The newest look finds this, and ends.
    mutating func look(_ facts: Facts, isOver: Bool = true) {
        send(.facts(facts, look: walk.model.look))
        if isOver { send(.looked(look: walk.model.look)) }
    }

    mutating func send(_ messages: Message...) {
        for message in messages { effects += walk.handle(message, at: now) }
    }

    mutating func interrupt(signal: Int32) { effects += walk.interrupt(signal: signal) }

    mutating func press(_ keys: Key...) {
        for key in keys { send(.key(key)) }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    mutating func replace(with text: String) {
        press(.control("a"), .control("k"))
        type(text)
    }

    /// Goes on to a page with what is answered already.
    mutating func go(to place: PageID) {
        for _ in walk.guide.verb.places() where walk.place != place {
            if case .form = walk.place { press(.control("n")) } else { press(.enter) }
            if walk.model.isLooking { look(found) }
        }
        #expect(walk.place == place)
    }

    /// Chooses a verb on the start page, of an installation of which nothing is kept.
    mutating func choose(_ verb: Workflow, finding facts: Facts) {
        found = facts
        press(verb == .uninstall ? .end : .home)
        if verb == .rotate { press(.down) }
        press(.enter)
        if verb.recalls { send(.recalled([:], look: walk.model.look)) }
        look(facts)
    }

    mutating func pass(seconds: Double) {
        now += seconds
        send(.tick)
    }

    var text: String { walk.frame.text }
    var answers: Answers { walk.model.answers }
    var time: Date { now }
}
