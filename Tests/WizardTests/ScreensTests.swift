import Terminal
import Testing

@testable import Installer
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
