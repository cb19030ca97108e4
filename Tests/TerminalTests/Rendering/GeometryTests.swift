import Terminal
import Testing

struct AreaTests {
    private let area = Rect(column: 2, row: 1, columns: 10, rows: 6)

    @Test func aMarginIsTakenFromEachSide() {
        #expect(area.inset(columns: 2, rows: 1) == Rect(column: 4, row: 2, columns: 6, rows: 4))
        #expect(area.inset(columns: 9).size == Size(columns: 0, rows: 6))
    }

    @Test func theTwoPartsAreTheWhole() {
        let (top, bottom) = area.split(rows: 2)
        #expect(top == Rect(column: 2, row: 1, columns: 10, rows: 2))
        #expect(bottom == Rect(column: 2, row: 3, columns: 10, rows: 4))
        let (left, right) = area.split(columns: 30)
        #expect(left == area)
        #expect(right.size.columns == 0)
    }
}
