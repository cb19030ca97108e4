import Terminal
import Testing

struct ListSelectionTests {
    @Test func theCursorStopsAtTheEnds() {
        var list = ListSelection(count: 3)
        #expect(list.handle(.up) == false)
        #expect(list.handle(.down) == true)
        #expect(list.handle(.end) == true)
        #expect(list.handle(.down) == false)
        #expect(list.index == 2)
        #expect(list.handle(.pageUp) == true)
        #expect(list.index == 0)
    }

    @Test func aListThatShrinksTakesTheCursorAlong() {
        var list = ListSelection(count: 9, index: 8)
        list.count = 4
        #expect(list.index == 3)
        list.count = 0
        #expect(list.index == 0)
        #expect(list.handle(.end) == false)
        #expect(list.visible(rows: 5).isEmpty)
    }

    @Test func theCursorIsInSightWithAsMuchAroundItAsFits() {
        #expect(ListSelection(count: 3).visible(rows: 10) == 0..<3)
        #expect(ListSelection(count: 20).visible(rows: 5) == 0..<5)
        #expect(ListSelection(count: 20, index: 10).visible(rows: 5) == 8..<13)
        #expect(ListSelection(count: 20, index: 19).visible(rows: 5) == 15..<20)
    }
}
