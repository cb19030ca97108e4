import Terminal
import Testing

@testable import Wizard

/// The list over a page: contexts, namespaces, StorageClasses and other suggestions.
@Suite struct PickerTests {
    private let names = ["production", "staging", "kind-local"]

    /// The items in sight after some keys, and the effect of the last one.
    private func press(_ keys: [Key]) -> (items: [String], result: Picker.Result) {
        var picker = Picker(title: "Context", items: names.map { Picker.Item(value: $0, detail: "") })
        var result = Picker.Result.open
        for key in keys { result = picker.handle(key) }
        return (picker.items.map(\.value), result)
    }

    private let typed: [Key] = "/stg".map { .character($0) }

    @Test func theItemsAreFilteredAsOneTypes() {
        #expect(press(typed).items == ["staging"])
        #expect(press(typed + [.enter]).result == .chosen("staging"))
    }

    @Test func escapeEndsTheFilterFirst() {
        let (items, result) = press(typed + [.escape])
        #expect(items == names)
        #expect(result == .open)
        #expect(press(typed + [.escape, .escape]).result == .closed)
    }

    @Test func whereNothingMatchesNothingIsChosen() {
        let nothing: [Key] = [.character("/"), .character("7")]
        #expect(press(nothing).items.isEmpty)
        #expect(press(nothing + [.enter]).result == .closed)
    }
}
