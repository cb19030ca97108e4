import FoundationEssentials
import Installer
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// A wizard state without a screen: it receives messages, and returns effects and frames.
struct Stage {
    private(set) var walk: WizardState
    private(set) var effects: [Effect]
    private var now = Sample.now
    /// The facts that queries return.
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
        // The saved answers of an earlier run are the given answers.
        send(.recalled(answers.texts(of: Field.all), look: walk.model.look))
        if let facts { look(facts) }
    }

    /// The newest query returns these facts, and ends.
    mutating func look(_ facts: Facts, isOver: Bool = true) {
        send(.facts(facts, look: walk.model.look))
        if isOver { send(.looked(look: walk.model.look)) }
    }

    mutating func send(_ messages: Message...) {
        for message in messages { effects += walk.handle(message, at: now) }
    }

    /// The text that was copied last; nil where the last effect is another one.
    var copied: String? {
        if case .copy(let text)? = effects.last { text } else { nil }
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

    /// Continues to a page with the current answers.
    mutating func go(to place: PageID) {
        for _ in walk.guide.verb.places() where walk.place != place {
            proceed()
            if walk.model.isLooking { look(found) }
        }
        #expect(walk.place == place)
    }

    /// To the next page with the current answers.
    mutating func proceed() {
        switch walk.place {
        case .form, .checks: press(.control("n"))
        case .proposal: press(.character("c"))
        default: press(.enter)
        }
    }

    /// Selects a workflow on the start page, for an installation without saved answers.
    mutating func choose(_ verb: Workflow, finding facts: Facts) {
        found = facts
        press(.character(Character(verb.key)))
        if verb.recalls { send(.recalled([:], look: walk.model.look)) }
        look(facts)
    }

    /// The newest examination finds what the samples lack, and ends.
    mutating func examine(isOver: Bool = true) {
        let number = walk.model.examination
        send(.findings(isOver ? Sample.findings : Sample.firstFindings, examination: number))
        if isOver { send(.examined(examination: number)) }
    }

    mutating func click(_ text: String) {
        let frame = walk.frame
        let rows = (0..<frame.size.rows).map { frame.text(row: $0) }
        guard let row = rows.firstIndex(where: { $0.contains(text) }),
            let column = rows[row].firstRange(of: text).map({
                rows[row].distance(from: rows[row].startIndex, to: $0.lowerBound)
            }),
            let zone = frame.zone(at: Point(column: column, row: row))
        else { return }
        send(.click(zone.id))
    }

    mutating func pass(seconds: Double) {
        now += seconds
        send(.tick)
    }

    var text: String { walk.frame.text }
    var answers: Answers { walk.model.answers }
    var time: Date { now }
}
