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

    @Test func noPictureIsLeftOver() throws {
        let names = Set(
            Scene.pictures.flatMap { scene in ["svg", "txt", "png"].map { file(scene, $0).lastPathComponent }
            })
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
