import Foundation
import Terminal
import Testing

@testable import Wizard

/// The pictures of the pages that documents show are of these very frames.
///
/// They are rewritten only with UPDATE_SCREENSHOTS=1, which needs rsvg-convert for the PNGs.
@Suite(.serialized) struct PicturesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "..", "..", "screenshots").standardizedFileURL

    @Test(arguments: Scene.pictures) func aPictureShowsThePage(_ scene: Scene) throws {
        let frame = scene.stage(80, 24).walk.frame
        let svg = SVGRenderer(frame, title: "buildkit-installer").svg
        if ProcessInfo.processInfo.environment["UPDATE_SCREENSHOTS"] == "1" { try write(frame, svg, scene) }
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

    private func write(_ frame: Frame, _ svg: String, _ scene: Scene) throws {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try Data(svg.utf8).write(to: file(scene, "svg"))
        try Data((frame.text + "\n").utf8).write(to: file(scene, "txt"))
        let converter = Process()
        converter.executableURL = URL(filePath: "/usr/bin/env")
        converter.arguments = [
            "rsvg-convert", "--zoom", "1.5", "--output", file(scene, "png").path(), file(scene, "svg").path(),
        ]
        try converter.run()
        converter.waitUntilExit()
        #expect(converter.terminationStatus == 0)
    }
}

extension Scene {
    /// The pages that are worth a picture, in the order in which they are met.
    fileprivate static let pictures = all.filter(\.isPicture)
}
