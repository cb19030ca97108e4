import Foundation
import LabSupport
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The pictures of pages in documents show exactly these frames.
///
/// They are rewritten only with UPDATE_SCREENSHOTS=1, which needs rsvg-convert for the PNGs.
@Suite(.serialized) struct PicturesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "..", "..", "..", "screenshots").standardizedFileURL

    /// A size of the window with a theme, and what it adds to the name of the file.
    struct Look: Sendable {
        let columns: Int
        let rows: Int
        let theme: Theme
        let suffix: String

        static let all = [
            Look(columns: 80, rows: 24, theme: .dark, suffix: ""),
            Look(columns: 80, rows: 24, theme: .light, suffix: "-light"),
            Look(columns: 120, rows: 36, theme: .dark, suffix: "-wide"),
            Look(columns: 120, rows: 36, theme: .light, suffix: "-wide-light"),
        ]
    }

    @Test(arguments: Scene.pictures, Look.all)
    func aPictureShowsThePage(_ scene: Scene, in look: Look) throws {
        let frame = scene.stage(look.columns, look.rows).walk.frame
        let svg = SVGRenderer(frame, title: "buildkit-installer", theme: look.theme).svg
        if isUpdate { try Data(svg.utf8).write(to: file(scene, "\(look.suffix).svg")) }
        #expect(try String(contentsOf: file(scene, "\(look.suffix).svg"), encoding: .utf8) == svg)
    }

    /// The page as text, and as a PNG for readers without SVG.
    @Test(arguments: Scene.pictures) func aPictureIsThereAsTextAndPixels(_ scene: Scene) async throws {
        let text = scene.stage(80, 24).walk.frame.text + "\n"
        if isUpdate {
            try Data(text.utf8).write(to: file(scene, ".txt"))
            try await Program("rsvg-convert").require(
                "--zoom", "1.5", "--output", file(scene, ".png").path(), file(scene, ".svg").path())
        }
        #expect(try String(contentsOf: file(scene, ".txt"), encoding: .utf8) == text)
        #expect(FileManager.default.fileExists(atPath: file(scene, ".png").path()))
    }

    private var isUpdate: Bool { ProcessInfo.processInfo.environment["UPDATE_SCREENSHOTS"] == "1" }

    @Test func theAnimatedPictureShowsThePagesOfAnInstall() throws {
        let frames = try Self.installPages.map { name in
            let scene = try #require(Scene.pictures.first { $0.name == name })
            return SVGRenderer(scene.stage(80, 24).walk.frame, title: "buildkit-installer").svg
        }
        let svg = Self.animation(of: frames, secondsEach: 3)
        if isUpdate {
            try Data(svg.utf8).write(to: Self.animated)
        }
        #expect(try String(contentsOf: Self.animated, encoding: .utf8) == svg)
    }

    private static let installPages = ["start", "proposal", "progress", "done"]
    private static let animated = folder.appending(component: "install.svg")

    /// One picture that shows others in turn. Without animation support it shows the last one.
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
            Scene.pictures.flatMap { scene in
                (Look.all.map { "\($0.suffix).svg" } + [".txt", ".png"]).map {
                    file(scene, $0).lastPathComponent
                }
            } + [Self.animated.lastPathComponent])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())) == names)
    }

    private func file(_ scene: Scene, _ kind: String) -> URL {
        let number = Scene.pictures.firstIndex { $0.name == scene.name }.map { $0 + 1 } ?? 0
        return Self.folder.appending(component: "\(number < 10 ? "0" : "")\(number)-\(scene.name)\(kind)")
    }
}

extension Scene {
    /// The pages with a picture, in the order of the wizard.
    fileprivate static let pictures = all.filter(\.isPicture)
}
