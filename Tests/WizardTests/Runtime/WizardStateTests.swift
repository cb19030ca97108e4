import Foundation
@testable import Installer
import LabSupport
import Terminal
import Testing
@testable import Wizard

/// Every page in its main states, as whole screens.
@Suite struct ScreensTests {
    @Test(arguments: Scene.all) func aPageLooksAsItShould(_ scene: Scene) throws {
        try expectGolden(scene.stage(80, 24).walk.frame, scene.name)
    }

    @Test(arguments: Scene.all.filter(\.isSmallToo)) func aPageFitsIntoASmallWindow(_ scene: Scene) throws {
        try expectGolden(scene.stage(60, 18).walk.frame, "\(scene.name)-60x18")
    }

    @Test func theSmallestWindowCanBeUsed() throws {
        var stage = Stage(columns: 40, rows: 12)
        stage.go(to: .form("address"))
        try expectGolden(stage.walk.frame, "address-40x12")
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

    @Test func aSmallerWindowAsksForMore() throws {
        try expectGolden(Stage(columns: 30, rows: 8).walk.frame, "too-small")
    }
}

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

/// The pictures of the pages that documents show are of these very frames.
///
/// They are rewritten only with UPDATE_SCREENSHOTS=1, which needs rsvg-convert for the PNGs.
@Suite(.serialized) struct PicturesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "..", "..", "..", "screenshots").standardizedFileURL

    @Test(arguments: Scene.pictures) func aPictureShowsThePage(_ scene: Scene) async throws {
        let frame = scene.stage(80, 24).walk.frame
        let svg = SVGRenderer(frame, title: "buildkit-installer").svg
        if ProcessInfo.processInfo.environment["UPDATE_SCREENSHOTS"] == "1" {
            try await write(frame, svg, scene)
        }
        #expect(try String(contentsOf: file(scene, "svg"), encoding: .utf8) == svg)
        #expect(try String(contentsOf: file(scene, "txt"), encoding: .utf8) == frame.text + "\n")
        #expect(FileManager.default.fileExists(atPath: file(scene, "png").path()))
    }

    @Test func theAnimatedPictureShowsThePagesOfAnInstall() throws {
        let frames = try Self.installPages.map { name in
            let scene = try #require(Scene.pictures.first { $0.name == name })
            return SVGRenderer(scene.stage(80, 24).walk.frame, title: "buildkit-installer").svg
        }
        let svg = Self.animation(of: frames, secondsEach: 3)
        if ProcessInfo.processInfo.environment["UPDATE_SCREENSHOTS"] == "1" {
            try Data(svg.utf8).write(to: Self.animated)
        }
        #expect(try String(contentsOf: Self.animated, encoding: .utf8) == svg)
    }

    private static let installPages = ["start", "checks", "address", "review", "progress", "done"]
    private static let animated = folder.appending(component: "install.svg")

    /// One picture that shows others in turn. Where nothing moves, it shows the last one.
    private static func animation(of frames: [String], secondsEach seconds: Int) -> String {
        let share = 100 / Double(frames.count)
        let pages = frames.enumerated().map { index, svg in
            let delay = index * seconds - frames.count * seconds
            return "<g class=\"page\" style=\"animation-delay:\(delay)s\">\n\(svg)</g>\n"
        }
        // All have the size of the first one.
        let head = frames[0].prefix { $0 != "\n" }
        return """
            \(head)
            <style>
            text { white-space: pre }
            .page { visibility: hidden; animation: page \(frames.count * seconds)s step-end infinite }
            .page:last-of-type { visibility: visible }
            @keyframes page { 0% { visibility: visible } \(share)% { visibility: hidden } }
            @media (prefers-reduced-motion: reduce) { .page { animation: none } }
            </style>
            \(pages.joined())</svg>

            """
    }

    @Test func noPictureIsLeftOver() throws {
        let names = Set(
            Scene.pictures.flatMap { scene in ["svg", "txt", "png"].map { file(scene, $0).lastPathComponent }
            } + [Self.animated.lastPathComponent])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())) == names)
    }

    private func file(_ scene: Scene, _ kind: String) -> URL {
        let number = Scene.pictures.firstIndex { $0.name == scene.name }.map { $0 + 1 } ?? 0
        return Self.folder.appending(component: "\(number < 10 ? "0" : "")\(number)-\(scene.name).\(kind)")
    }

    private func write(_ frame: Frame, _ svg: String, _ scene: Scene) async throws {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try Data(svg.utf8).write(to: file(scene, "svg"))
        try Data((frame.text + "\n").utf8).write(to: file(scene, "txt"))
        try await Program("rsvg-convert").require(
            "--zoom", "1.5", "--output", file(scene, "png").path(), file(scene, "svg").path())
    }
}

extension Scene {
    /// The pages that are worth a picture, in the order in which they are met.
    fileprivate static let pictures = all.filter(\.isPicture)
}
