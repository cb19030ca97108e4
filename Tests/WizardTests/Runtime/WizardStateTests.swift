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

/// For any keys, clicks, pastes, sizes and results, on every wizard: no crash, every frame fits, and no plan starts
/// without consent.
///
/// FUZZ_ROUNDS sets the number of messages for each size. The seeds are always the same; a failure names its own, which
/// FUZZ_SEED repeats alone.
@Suite struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let rounds = environment["FUZZ_ROUNDS"].flatMap { Int($0) } ?? 3500
    private static let seed = environment["FUZZ_SEED"].flatMap { UInt64($0) }
    /// Enough for every opening in the usual number of messages.
    private static let sessionRounds = 250

    @Test(arguments: [(80, 24), (60, 18), (40, 12), (20, 5), (1, 1), (132, 50)])
    func anythingInAnyOrderDoesNoHarm(columns: Int, rows: Int) async {
        let size = Size(columns: columns, rows: rows)
        if let seed = Self.seed { return _ = await play(seed, in: size, rounds: Self.rounds) }
        // Each size begins with another opening.
        var (seed, left) = (UInt64(columns * 1_000_000 + rows), Self.rounds)
        while left > 0 {
            left -= await play(seed, in: size, rounds: min(left, Self.sessionRounds))
            seed += 1
        }
    }

    /// Plays until the wizard ends, and returns the number of messages.
    private func play(_ seed: UInt64, in size: Size, rounds: Int) async -> Int {
        let name = "FUZZ_SEED=\(seed) in \(size.columns)×\(size.rows)"
        // A crash leaves no other trace.
        if Self.environment["FUZZ_ROUNDS"] != nil { FileHandle.standardError.write(Data("\(name)\n".utf8)) }
        var fuzz = Fuzz(seed: seed, size: size)
        for round in 0..<rounds {
            let (before, message) = (fuzz.stage.walk, fuzz.message())
            let effects = fuzz.send(message)
            expectConsent(effects, before, message, "\(name), message \(round)")
            // Lets other tests run as well.
            if round % 50 == 0 { await Task.yield() }
            guard fuzz.stage.walk.outcome == nil else { return round + 1 }
            if round % 3 > 0 { continue }
            let frame = fuzz.stage.walk.frame
            #expect(frame.size == fuzz.stage.walk.model.size, "\(name), message \(round)")
            let area = Rect(frame.size)
            #expect(frame.cursor.map(area.contains) ?? true, "\(name), message \(round)")
        }
        return rounds
    }

    /// A plan starts only from a page that shows it, by its key, its button or Enter there; in production, what is
    /// destructive only once the release's name was typed.
    private func expectConsent(
        _ effects: [Effect], _ before: WizardState, _ message: Message, _ name: String
    ) {
        guard effects.contains(where: { if case .start = $0 { true } else { false } }) else { return }
        let isConsent =
            switch message {
            case .key(let key): key == .enter || key == .character(Character(before.guide.verb.key))
            case .click: true
            default: false
            }
        #expect(
            isConsent && [.proposal, .review].contains(before.place),
            "\(message) on \(before.place), \(name)")
        #expect(before.model.results.allowPlan && !before.model.isLooking, "\(name)")
        guard before.guide.question(before.model) != nil else { return }
        #expect(before.pages[before.place]?.takesText(before.context) == true, "\(message), \(name)")
    }

    /// With the effects, their tasks and the mouse of a screen.
    @MainActor
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func anyEventsInAnyOrderEndWell(seed: UInt64) {
        var fuzz = Fuzz(seed: seed, size: Size(columns: 80, rows: 24))
        let screen = MemoryScreen(script: (0..<200).map { _ in .event(fuzz.event()) })
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        var wizard = Wizard(
            screen: screen, guide: Sample.guide,
            effects: ScriptedEffects(facts: Sample.rotationFacts).effects,
            start: start)
        _ = wizard.run()
        #expect(screen.failure == nil, "seed \(seed)")
        #expect(!screen.frames.isEmpty)
    }
}
