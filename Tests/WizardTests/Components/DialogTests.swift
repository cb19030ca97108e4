import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The help over a page.
@Suite struct DialogTests {
    private func help(columns: Int, rows: Int) -> Stage {
        var stage = Stage(columns: columns, rows: rows)
        stage.go(to: .form("address"))
        stage.press(.function(1))
        return stage
    }

    @Test func helpThatIsTooLongIsScrolled() {
        var stage = help(columns: 60, rows: 14)
        #expect(stage.text.contains("↑↓ scroll   / search   Esc close"))
        let start = stage.text
        stage.press(.down)
        #expect(stage.text != start)
        stage.press(.pageDown, .pageDown, .home)
        #expect(stage.text == start)
        stage.send(.resized(Size(columns: 80, rows: 50)))
        #expect(!stage.text.contains("↑↓ scroll"))
        #expect(stage.text.contains("/ search   Esc close"))
    }

    @Test func helpIsFilteredAsOneTypes() {
        var stage = help(columns: 80, rows: 50)
        #expect(stage.text.contains("suspend"))
        stage.press(.character("/"))
        stage.type("RED")
        #expect(stage.text.contains(" Keys /RED "))
        #expect(stage.text.contains("redraw"))
        #expect(!stage.text.contains("suspend"))
        // A question mark is text here, and so is what would close the help.
        stage.type("?q")
        #expect(stage.text.contains("Keys /RED?q no match"))
        stage.press(.escape)
        #expect(stage.text.contains("suspend"))
        stage.press(.escape)
        #expect(!stage.text.contains("suspend"))
        #expect(stage.walk.place == .form("address"))
    }

    @Test(arguments: [Key.enter, .escape, .function(1), .character("?"), .character("q"), .control("c")])
    func theseKeysCloseIt(_ key: Key) {
        var stage = help(columns: 80, rows: 50)
        stage.press(.character("x"))
        #expect(stage.text.contains("Esc close"))
        stage.press(key)
        #expect(!stage.text.contains("Esc close"))
        #expect(stage.walk.outcome == nil)
    }
}
