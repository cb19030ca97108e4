import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The verbs that the scenes show at one size, from the start page to the end by keys alone: every page whole.
@Suite struct WalkTests {
    static let sizes: [(columns: Int, rows: Int)] = [(60, 18), (80, 24), (100, 30), (140, 45)]

    @Test(arguments: Walk.all, sizes)
    func aVerbIsWalkedByKeys(_ walk: Walk, size: (columns: Int, rows: Int)) throws {
        var tour = Tour(
            Stage(columns: size.columns, rows: size.rows, facts: walk.facts), finding: walk.facts)
        tour.look()
        walk.play(&tour)
        try expectGolden(
            tour.pages.joined(separator: "\n\n") + "\n", "walk-\(walk.name)-\(size.columns)x\(size.rows)")
    }
}

/// The keys of one verb.
struct Walk: Sendable, CustomTestStringConvertible {
    let name: String
    let facts: Facts
    let play: @Sendable (inout Tour) -> Void

    init(_ name: String, finding facts: Facts, play: @escaping @Sendable (inout Tour) -> Void) {
        self.name = name
        self.facts = facts
        self.play = play
    }

    var testDescription: String { name }

    static let all: [Walk] = [
        Walk("client-add", finding: Sample.rotationFacts) { tour in
            tour.openClients()
            tour.press(.character("a"))
            tour.stage.type("bob")
            tour.stage.press(.control("n"))
            tour.stage.look(tour.facts)
            tour.goToTheEnd()
        },
        Walk("client-renew", finding: Sample.rotationFacts) { tour in
            tour.openClients()
            tour.press(.character("/"), .character("c"), .character("i"))
            tour.stage.press(.enter, .character("n"))
            tour.stage.look(tour.facts)
            tour.goToTheEnd()
        },
        Walk("client-revoke", finding: Sample.revocableFacts) { tour in
            tour.openClients()
            tour.press(.end)
            tour.stage.press(.character("R"))
            tour.stage.look(tour.facts)
            tour.goToTheEnd()
        },
        Walk("sleep", finding: Sample.idleFacts) { tour in
            tour.stage.press(.character("z"))
            tour.stage.look(tour.facts)
            tour.goToTheEnd()
        },
        Walk("wake", finding: Sample.asleepFacts) { tour in
            tour.stage.press(.character("w"))
            tour.stage.look(tour.facts)
            tour.goToTheEnd()
        },
        Walk("status", finding: Sample.installedFacts) { tour in
            tour.press(.character("t"))
            tour.stage.send(.status(Sample.status))
            tour.look()
            tour.press(.pageDown)
            tour.press(.escape)
            #expect(tour.stage.walk.place == .start)
        },
        Walk("doctor", finding: Sample.facts) { tour in
            tour.press(.character("d"))
            tour.stage.examine(isOver: false)
            tour.look()
            tour.stage.examine()
            tour.look()
            tour.press(.down)
            tour.press(.character("/"), .character("d"), .character("n"), .character("s"))
            tour.press(.enter)
            tour.press(.escape)
            #expect(tour.stage.walk.place == .start)
        },
    ]
}

/// A wizard, and its pages in the order in which they were seen.
struct Tour {
    var stage: Stage
    let facts: Facts
    private(set) var pages: [String] = []

    init(_ stage: Stage, finding facts: Facts) {
        (self.stage, self.facts) = (stage, facts)
    }

    mutating func look() { pages.append(stage.text) }

    mutating func press(_ keys: Key...) {
        for key in keys { stage.press(key) }
        look()
    }

    mutating func openClients() {
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        look()
    }

    /// From the proposal over every page and the run to the end, in production by the release's name.
    mutating func goToTheEnd() {
        for _ in stage.walk.guide.verb.places() where stage.walk.place != .review {
            look()
            stage.proceed()
            if stage.walk.model.isLooking { stage.look(facts) }
        }
        look()
        stage.press(.character(Character(stage.walk.guide.verb.key)))
        if stage.walk.place == .review {
            stage.type(stage.answers.release)
            press(.enter)
        }
        #expect(stage.walk.place == .progress)
        guard let plan = stage.walk.model.run?.plan, let first = plan.steps.first else { return }
        stage.send(.run(.began(plan: plan, at: stage.time)), .run(.started(step: first.id, at: stage.time)))
        stage.pass(seconds: 2)
        look()
        stage.completeRun(secondsEach: 1)
        look()
        stage.press(.enter)
        #expect(stage.walk.outcome != nil)
    }
}
