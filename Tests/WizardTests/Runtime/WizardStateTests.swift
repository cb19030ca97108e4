import Foundation
@testable import Installer
import LabSupport
import Terminal
import Testing
@testable import Wizard

/// Every page in its main states, as complete screens.
@Suite struct ScreensTests {
    @Test(arguments: Scene.all) func aPageLooksAsItShould(_ scene: Scene) throws {
        try expectGolden(scene.stage(80, 24).walk.frame, scene.name)
    }

    @Test(arguments: Scene.all.filter(\.isSmallToo)) func aPageFitsIntoASmallWindow(_ scene: Scene) throws {
        try expectGolden(scene.stage(60, 18).walk.frame, "\(scene.name)-60x18")
    }

    @Test(arguments: Scene.all.filter(\.isSmallToo), [(100, 30), (140, 45)])
    func aPageUsesAWideWindow(_ scene: Scene, size: (columns: Int, rows: Int)) throws {
        try expectGolden(
            scene.stage(size.columns, size.rows).walk.frame, "\(scene.name)-\(size.columns)x\(size.rows)")
    }

    @Test func theSmallestWindowCanBeUsed() throws {
        var stage = Stage(columns: 40, rows: 12)
        stage.go(to: .form("address"))
        try expectGolden(stage.walk.frame, "address-40x12")
        var bare = Stage(columns: 40, rows: 12, facts: Sample.bareFacts)
        bare.press(.enter)
        try expectGolden(bare.walk.frame, "proposal-failed-40x12")
    }

    @MainActor
    @Test func aTerminalWithoutUnicodeGetsASCII() throws {
        let screen = MemoryScreen(script: [], glyphs: .ascii)
        var stage = Stage()
        stage.go(to: .form("address"))
        screen.show(stage.walk.frame)
        let strange = screen.text.filter { !$0.isASCII }
        #expect(strange.isEmpty)
        try expectGolden(screen.text + "\n", "address-ascii")
    }

    /// 200 resizes while a tool prints 10,000 lines: every frame has the window's size.
    @Test func aStormOfResizesAndOutputIsDrawnWhole() {
        var stage = Stage()
        stage.runToChart()
        for round in 0..<200 {
            let size = Size(columns: 20 + round * 7 % 130, rows: 6 + round * 5 % 50)
            stage.send(.resized(size))
            for line in 0..<50 {
                stage.send(
                    .run(.printed(step: "release", line: OutputLine("line \(line) of round \(round)"))))
            }
            #expect(stage.walk.frame.size == size)
        }
        stage.send(.resized(Size(columns: 80, rows: 24)))
        #expect(stage.text.contains("line 49 of round 199"))
    }

    @Test func aMegabyteIsPastedIntoAField() {
        var stage = Stage()
        stage.go(to: .form("release"))
        stage.send(.paste(String(repeating: "abcdefgh", count: 131_072)))
        #expect(stage.walk.frame.cursor != nil)
        stage.press(.control("u"))
        stage.type("builds")
        #expect(stage.answers.namespace == "builds")
    }

    @Test func aSmallerWindowAsksForMore() throws {
        try expectGolden(Stage(columns: 30, rows: 8).walk.frame, "too-small")
    }
}

/// For any keys, clicks, pastes, sizes and results: no crash, every frame fits, and no plan starts without consent.
///
/// FUZZ_ROUNDS sets the number of messages for each size; the seed depends on the size alone.
@Suite struct FuzzTests {
    private static let rounds = ProcessInfo.processInfo.environment["FUZZ_ROUNDS"].flatMap(Int.init) ?? 3500

    @Test(arguments: [(80, 24), (60, 18), (40, 12), (20, 5), (1, 1), (132, 50)])
    func anyKeysInAnyOrderDoNoHarm(columns: Int, rows: Int) async {
        var random = SeededGenerator(seed: UInt64(columns * 1000 + rows))
        var stage = Stage(columns: columns, rows: rows)
        for round in 0..<Self.rounds {
            let message = Self.message(&random, stage)
            let (before, count) = (stage.walk, stage.effects.count)
            stage.send(message)
            Self.expectConsent(stage.effects[count...], before, message)
            // Lets other tests run as well.
            if round % 50 == 0 { await Task.yield() }
            if round % 3 > 0 { continue }
            let frame = stage.walk.frame
            #expect(frame.size == stage.walk.model.size)
            if let cursor = frame.cursor {
                #expect(cursor.column < frame.size.columns && cursor.row < frame.size.rows)
            }
            if stage.walk.outcome != nil || round % 600 == 0 { stage = Stage(columns: columns, rows: rows) }
        }
    }

    /// A plan starts only from a page that shows it, by its key, its button or Enter there.
    private static func expectConsent(
        _ effects: ArraySlice<Effect>, _ before: WizardState, _ message: Message
    ) {
        guard effects.contains(where: { if case .start = $0 { true } else { false } }) else { return }
        let isConsent =
            switch message {
            case .key(let key): key == .enter || key == .character(Character(before.guide.verb.key))
            case .click: true
            default: false
            }
        #expect(isConsent && [.proposal, .review].contains(before.place), "\(message) on \(before.place)")
        #expect(before.model.results.allowPlan && !before.model.isLooking)
    }

    private static let keys: [Key] =
        [
            .enter, .enter, .enter, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown,
            .backspace, .delete, .escape, .function(1), .control("c"), .control("n"), .control("p"),
            .control("u"),
            .wordLeft, .alt("d"), .function(12), .alt("3"), .control("y"), .control("_"), .alt("p"),
            .alt("y"),
        ] + "abcdehilkpnRstuvwxyqr?1,.-*:/ 日\u{301}".map { .character($0) }

    private static func message(_ random: inout SeededGenerator, _ stage: Stage) -> Message {
        switch Int.random(in: 0..<66, using: &random) {
        case 0: return .paste("10.0.0.1\nx y\t\u{1B}[31m")
        case 1:
            return .resized(
                Size(columns: .random(in: 1...140, using: &random), rows: .random(in: 1...60, using: &random))
            )
        case 2: return .tick
        case 3:
            return .facts(
                [
                    Sample.facts, Sample.poorFacts, Sample.bareFacts, Sample.idleFacts, Sample.asleepFacts,
                    Facts(),
                ].randomElement(using: &random)
                    ?? Facts(), look: stage.walk.model.look)
        case 4: return .looked(look: stage.walk.model.look)
        case 5: return event(&random, stage)
        case 6: return .installations(Sample.manyInstallations)
        case 7: return .clients(Sample.clients)
        case 8:
            return Bool.random(using: &random)
                ? .findings(Sample.findings, examination: stage.walk.model.examination)
                : .examined(examination: stage.walk.model.examination)
        case 9...13:
            return stage.walk.frame.zones.randomElement(using: &random).map { .click($0.id) } ?? .tick
        default: return .key(keys.randomElement(using: &random) ?? .enter)
        }
    }

    private static func event(_ random: inout SeededGenerator, _ stage: Stage) -> Message {
        guard let run = stage.walk.model.run, let step = run.plan.steps.randomElement(using: &random) else {
            return .tick
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .run(.started(step: step.id, at: stage.time))
        case 1:
            return .run(
                .printed(
                    step: step.id,
                    line: OutputLine("a\tlong line \u{7} of output 日本 " + String(repeating: "x", count: 200)))
            )
        case 2: return .run(.finished(step: step.id, at: stage.time))
        case 3: return .run(.interrupted(step: step.id, at: stage.time))
        case 4:
            return .run(
                .failed(
                    step: step.id, failure: InstallerError("It failed", detail: "line\nline", hint: "try"),
                    at: stage.time))
        default: return .summary(Sample.summary(run, stage.answers, isRehearsal: false))
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
