/// The selected entry of a list, and its visible entries.
public struct ListSelection: Hashable, Sendable {
    /// The number of entries. If the list shrinks, the selection moves with it.
    public var count: Int {
        didSet { clamp() }
    }

    /// The entry under the cursor; 0 in an empty list.
    public var index: Int {
        didSet { clamp() }
    }

    /// The step of Page Up and Page Down.
    public var page: Int

    public init(count: Int, index: Int = 0, page: Int = 10) {
        self.count = count
        self.index = index
        self.page = page
        clamp()
    }

    /// Handles a navigation key; false: not a navigation key, or at the end of the list.
    @discardableResult
    public mutating func handle(_ key: Key) -> Bool {
        let before = index
        switch key {
        case .up, .control("p"): index -= 1
        case .down, .control("n"): index += 1
        case .pageUp: index -= page
        case .pageDown: index += page
        case .home: index = 0
        case .end: index = count - 1
        default: return false
        }
        return index != before
    }

    /// The entries visible in that many rows: the selection is centred, except near the ends.
    public func visible(rows: Int) -> Range<Int> {
        let rows = max(0, min(rows, count))
        let first = max(0, min(index - rows / 2, count - rows))
        return first..<first + rows
    }

    private mutating func clamp() {
        let inside = max(0, min(index, count - 1))
        if index != inside { index = inside }
    }
}
