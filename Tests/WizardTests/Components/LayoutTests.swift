import Terminal
import Testing

@testable import Wizard

/// The areas of a screen.
@Suite struct LayoutTests {
    private func layout(_ columns: Int, paneFrom: Int?) -> Layout {
        Layout(size: Size(columns: columns, rows: 24), paneFrom: paneFrom)
    }

    @Test func aPaneIsThereFromTheWidthOfItsPage() {
        #expect(layout(131, paneFrom: Layout.wide).pane == nil)
        #expect(layout(132, paneFrom: Layout.wide).pane != nil)
        #expect(layout(110, paneFrom: Layout.medium).pane != nil)
        #expect(layout(200, paneFrom: nil).pane == nil)
    }

    @Test func theListOfPagesIsThereFromAHundredColumns() {
        #expect(Layout(size: Size(columns: 99, rows: 30), isListed: true).pages == nil)
        #expect(Layout(size: Size(columns: 100, rows: 30), isListed: true).pages != nil)
        #expect(Layout(size: Size(columns: 100, rows: 30)).pages == nil)
    }

    @Test func aPageBesideItsPaneIsAtLeastAsWideAsInASmallWindow() {
        let small = layout(80, paneFrom: nil).body.size.columns
        #expect(layout(132, paneFrom: Layout.wide).body.size.columns >= small)
    }
}
