import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// Whatever is pressed: no crash, and every frame fits.
@Suite struct FuzzTests {
    @Test(arguments: [(80, 24), (60, 18), (40, 12), (20, 5), (1, 1), (132, 50)])
    func anyKeysInAnyOrderDoNoHarm(columns: Int, rows: Int) async {
        var random = SeededGenerator(seed: UInt64(columns * 1000 + rows))
        var stage = Stage(columns: columns, rows: rows)
        for round in 0..<3500 {
            stage.send(Self.message(&random, stage))
            // Other tests want a turn as well.
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

    private static let keys: [Key] =
        [
            .enter, .enter, .enter, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown,
            .backspace, .delete, .escape, .function(1), .control("c"), .control("n"), .control("p"),
            .control("u"),
            .wordLeft, .alt("d"), .function(12),
        ] + "abcilksuvqr?1,.-*:/ 日\u{301}".map { .character($0) }

    private static func message(_ random: inout SeededGenerator, _ stage: Stage) -> Message {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: return .paste("10.0.0.1\nx y\t\u{1B}[31m")
        case 1:
            return .resized(
                Size(columns: .random(in: 1...140, using: &random), rows: .random(in: 1...60, using: &random))
            )
        case 2: return .tick
        case 3:
            return .facts(
                [Sample.facts, Sample.poorFacts, Sample.bareFacts, Facts()].randomElement(using: &random)
                    ?? Facts(), look: stage.walk.model.look)
        case 4: return .looked(look: stage.walk.model.look)
        case 5: return event(&random, stage)
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
