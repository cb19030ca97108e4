import Terminal
import Testing

@testable import Wizard

/// The cursor of a list with a filter.
@Suite struct FilterListTests {
    private let names = ["alpha", "beta", "gamma", "delta"]

    /// Handles keys among the names in sight, and returns the one under the cursor.
    private func press(_ keys: Key..., in list: inout FilterList<String>, usual: String? = nil) -> String? {
        for key in keys { list.handle(key, in: list.shown(of: names) { $0 }, usual: usual) }
        let shown = list.shown(of: names) { $0 }
        let index = list.selection(in: shown, usual: usual).index
        return shown.indices.contains(index) ? shown[index] : nil
    }

    @Test func theCursorIsOnTheUsualEntryUntilItIsMoved() {
        var list = FilterList<String>()
        #expect(press(in: &list, usual: "gamma") == "gamma")
        #expect(press(.down, in: &list, usual: "gamma") == "delta")
        #expect(press(in: &list, usual: "alpha") == "delta")
        // The entry of the cursor is gone.
        #expect(list.selection(in: ["alpha", "beta"], usual: "beta").index == 1)
    }

    @Test func theBestMatchIsSelectedAndStaysSelectedWhenTheFilterCloses() {
        var list = FilterList<String>()
        #expect(press(.character("/"), .character("t"), .character("a"), in: &list, usual: "gamma") == "beta")
        #expect(list.label == "/ta")
        #expect(list.shown(of: names) { $0 } == ["beta", "delta"])
        #expect(press(.down, in: &list) == "delta")
        #expect(press(.enter, in: &list) == "delta")
        #expect(!list.isOpen && list.shown(of: names) { $0 } == names)
    }

    @Test func aFilterWithoutAMatchLeavesTheUsualEntry() {
        var list = FilterList<String>()
        #expect(press(.character("/"), .character("x"), in: &list, usual: "gamma") == nil)
        #expect(press(.escape, in: &list, usual: "gamma") == "gamma")
    }

    @Test func otherKeysAreNotTheLists() {
        for key in [Key.character("y"), .enter, .escape, .up] {
            var list = FilterList<String>()
            let isHandled = list.handle(key, in: names)
            #expect(!isHandled, "\(key)")
        }
    }
}
