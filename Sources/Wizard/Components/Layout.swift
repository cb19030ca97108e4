import Terminal

/// The areas of a screen: header, list of pages, page, pane beside it, and keys.
///
/// 80 columns show a page alone. From 100 columns the list of pages is on the left, from 132 a pane with explanations
/// or output is on the right.
struct Layout: Equatable, Sendable {
    /// The minimum size.
    static let least = Size(columns: 40, rows: 12)
    /// The columns from which most pages have their pane.
    static let wide = 132
    /// The same for pages without the list of pages and with short lines.
    static let medium = 110
    private static let sidebar = 27
    private static let pane = 44

    let size: Size
    /// Whether the page belongs to the list of pages.
    let isListed: Bool
    /// The columns from which the page has a pane; nil: it has none.
    let paneFrom: Int?

    init(size: Size, isListed: Bool = false, paneFrom: Int? = nil) {
        self.size = size
        self.isListed = isListed
        self.paneFrom = paneFrom
    }

    var isTooSmall: Bool { size.columns < Self.least.columns || size.rows < Self.least.rows }
    var margin: Int { size.columns < 60 ? 1 : 2 }
    private var gap: Int { size.rows < 18 ? 0 : 1 }
    private var hasSidebar: Bool { isListed && size.columns >= 100 }
    private var hasVisiblePane: Bool { paneFrom.map { size.columns >= $0 } ?? false }

    /// Between header and key bar, over the whole width.
    private var middle: Rect { Rect(column: 0, row: 2, columns: size.columns, rows: size.rows - 4) }

    /// The area of the page.
    var body: Rect {
        let left = margin + (hasSidebar ? Self.sidebar + 1 : 0)
        let right = margin + (hasVisiblePane ? Self.pane + 1 : 0)
        return Rect(
            column: left, row: 2 + gap, columns: size.columns - left - right, rows: size.rows - 4 - gap)
    }

    /// The area of the list of pages, if it is shown.
    var pages: Rect? { hasSidebar ? middle.split(columns: Self.sidebar).left : nil }

    /// The area of the pane, if it is shown.
    var pane: Rect? {
        hasVisiblePane ? middle.split(columns: size.columns - Self.pane).right : nil
    }
}
