import Terminal

@testable import Installer
@testable import Wizard

/// A wizard that receives random messages: everything that keys, the mouse, pastes, windows, tools and runs can send.
struct Fuzz {
    private(set) var stage: Stage
    private var random: SeededGenerator
    /// What the cluster has, as long as no other facts arrive.
    private let facts: Facts

    /// - Parameter seed: decides everything, also the wizard that is opened first.
    init(seed: UInt64, size: Size) {
        random = SeededGenerator(seed: seed)
        let opening = Self.openings[Int(seed % UInt64(Self.openings.count))]
        facts = opening.facts
        stage = Stage(facts: facts)
        for key in opening.keys {
            stage.press(.character(key))
            stage.send(.clients(Sample.clients), .recalled([:], look: stage.walk.model.look))
            stage.look(facts)
        }
        stage.send(.resized(size))
    }

    /// The wizards and reports, by the keys that lead to them from the start page.
    private static let openings: [(keys: String, facts: Facts)] = [
        ("i", Sample.facts), ("r", Sample.rotationFacts), ("u", Sample.installedFacts),
        ("z", Sample.idleFacts), ("w", Sample.asleepFacts), ("ca", Sample.rotationFacts),
        ("cn", Sample.rotationFacts), ("cR", Sample.revocableFacts), ("d", Sample.facts),
        ("t", Sample.installedFacts),
    ]

    /// - Returns: the effects of that message.
    mutating func send(_ message: Message) -> [Effect] {
        let count = stage.effects.count
        stage.send(message)
        if chance(1, of: 500) { stage.interrupt(signal: 15) }
        return Array(stage.effects[count...])
    }

    private mutating func chance(_ count: Int, of all: Int) -> Bool {
        Int.random(in: 0..<all, using: &random) < count
    }

    private mutating func one<Value>(of values: [Value], or other: Value) -> Value {
        values.randomElement(using: &random) ?? other
    }
}

// MARK: - Keys, mouse, pastes and windows

extension Fuzz {
    private static let keys: [Key] =
        [
            .enter, .enter, .enter, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown, .backspace, .delete, .escape, .function(1), .control("c"), .control("n"),
            .control("p"), .control("u"), .control("k"), .control("w"), .control("a"), .control("t"),
            .wordLeft, .wordRight, .wordBackspace, .alt("d"), .function(12), .alt("3"), .control("y"),
            .control("_"), .alt("p"), .alt("n"), .alt("y"),
        ] + "abcdefghiklmnpRstuvwxyzqr?1,.-*:/ 日\u{301}א".map { .character($0) }

    private mutating func key() -> Key { one(of: Self.keys, or: .enter) }

    private mutating func paste() -> String {
        one(
            of: [
                "10.0.0.1\nx y\t\u{1B}[31m", "", "\n\n", "a\u{202E}b,é,bücher.example.com", "/tmp/x",
                String(repeating: "x", count: LineEditor.limit + 1), stage.answers.release,
            ], or: "")
    }

    private mutating func window() -> Size {
        Size(columns: .random(in: 1...140, using: &random), rows: .random(in: 1...60, using: &random))
    }

    /// Most points are in an area that means something.
    private mutating func point() -> Point {
        let size = stage.walk.model.size
        let all = Rect(size)
        let area = chance(1, of: 8) ? all : one(of: stage.walk.frame.zones.map(\.area), or: all)
        func place(_ start: Int, _ count: Int) -> Int {
            .random(in: start..<max(start + 1, start + count), using: &random)
        }
        return Point(
            column: place(area.origin.column, area.size.columns),
            row: place(area.origin.row, area.size.rows))
    }

    /// What a screen reports.
    mutating func event() -> Event {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .paste(paste())
        case 1: .resized(window())
        case 2...5:
            .mouse(
                MouseEvent(
                    gesture: one(of: [.press, .press, .release, .scrollUp, .scrollDown], or: .press),
                    point: Point(
                        column: .random(in: 0..<80, using: &random), row: .random(in: 0..<24, using: &random))
                ))
        // Quitting would end most scripts after a few keys.
        default: .key(one(of: Self.keys.filter { $0 != .control("c") && $0 != .character("q") }, or: .enter))
        }
    }
}

// MARK: - Messages

extension Fuzz {
    mutating func message() -> Message {
        // Random keys never are the name that production asks for.
        if asksForTheName, chance(1, of: 2) {
            return chance(1, of: 2) ? .paste(stage.answers.release) : .key(.enter)
        }
        let (look, examination) = (stage.walk.model.look, stage.walk.model.examination)
        switch Int.random(in: 0..<80, using: &random) {
        case 0, 1: return .paste(paste())
        case 2: return .resized(window())
        case 3: return .tick
        case 4: return .facts(found(), look: look)
        case 5: return .looked(look: look)
        case 6:
            return .recalled(chance(1, of: 2) ? [:] : ["port": "2345", "namespace": "builds"], look: look)
        case 7...9: return run()
        case 10: return .installations(Sample.manyInstallations)
        case 11: return .clients(Sample.clients)
        case 12: return .status(Sample.status)
        case 13:
            return chance(1, of: 2)
                ? .findings(Sample.findings, examination: examination) : .examined(examination: examination)
        case 14: return outcome()
        // What the screen makes of a click, and of the wheel.
        case 15...19: return .click(stage.walk.frame.zone(at: point())?.id ?? "")
        case 20: return .key(chance(1, of: 2) ? .up : .down)
        default: return .key(key())
        }
    }

    private var asksForTheName: Bool {
        let walk = stage.walk
        return [.proposal, .review].contains(walk.place) && walk.guide.question(walk.model) != nil
            && walk.pages[walk.place]?.takesText(walk.context) == true
    }

    private mutating func found() -> Facts {
        guard chance(1, of: 2) else { return facts }
        return one(
            of: [
                Sample.facts, Sample.poorFacts, Sample.bareFacts, Sample.idleFacts, Sample.asleepFacts,
                Sample.rotationFacts, Sample.sharedFacts, Facts(),
            ], or: facts)
    }

    /// What becomes of an effect.
    private mutating func outcome() -> Message {
        switch stage.effects.last {
        case .copy: .copied
        case .save(_, let path):
            .saved(path: path, failure: chance(1, of: 2) ? nil : InstallerError("It cannot be written"))
        case .complete(let typed): .completed(PathCompletion(typed, home: Sample.home))
        default: .tick
        }
    }

    private mutating func run() -> Message {
        let (walk, time) = (stage.walk, stage.time)
        guard let run = walk.model.run, let step = run.plan.steps.randomElement(using: &random)?.id else {
            return .tick
        }
        let failure = InstallerError(
            "It failed", detail: "line\nline", hint: "Try it: kubectl get pods", code: .podsNotReady)
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return .run(.began(plan: run.plan, at: time))
        case 1, 2: return .run(.started(step: step, at: time))
        case 3:
            let line = "a\tlong line \u{7} of output 日本 " + String(repeating: "x", count: 200)
            return .run(.printed(step: step, line: OutputLine(line, isError: chance(1, of: 2))))
        case 4:
            let pod = PodProgress(
                name: "buildkit-builder-6d9f", state: "CrashLoopBackOff", isReady: chance(1, of: 2),
                restarts: 3)
            return .run(.pods(step: step, pods: [pod], at: time))
        case 5:
            let namespace = ObjectReference(
                .namespace, stage.answers.namespace, namespace: nil, context: stage.answers.context)
            let receipt = Receipt.created(object: CreatedObject(namespace, uid: "1"))
            return .run(.made(step: step, receipt: receipt, at: time))
        case 6, 7: return .run(.finished(step: step, at: time))
        case 8: return .run(.interrupted(step: step, at: time))
        case 9: return .run(.failed(step: step, failure: failure, at: time))
        case 10: return .run(.undoing(step: step, at: time))
        case 11:
            return .run(
                chance(1, of: 2)
                    ? .undone(step: step, at: time) : .undoFailed(step: step, failure: failure, at: time))
        case 12: return .run(.ended(at: time))
        default:
            return .summary(
                Sample.summary(run, of: walk.guide.verb, stage.answers, isRehearsal: walk.model.isRehearsal))
        }
    }
}

/// Random numbers that are the same in every run: https://prng.di.unimi.it/splitmix64.c
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
