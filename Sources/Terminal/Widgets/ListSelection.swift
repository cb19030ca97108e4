/// Which entry of a list the cursor is on, and which entries are in sight.
public struct ListSelection: Hashable, Sendable {
    /// How many entries there are. A list that shrinks takes the cursor along.
    public var count: Int {
        didSet { clamp() }
    }

    /// The entry under the cursor; 0 in an empty list.
    public var index: Int {
        didSet { clamp() }
    }

    /// How far Page Up and Page Down go.
    public var page: Int

    public init(count: Int, index: Int = 0, page: Int = 10) {
        self.count = count
        self.index = index
        self.page = page
        clamp()
    }

    /// Handles a key that moves the cursor; false: the key is none, or there is nowhere to go.
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

    /// The entries that so many rows show: the cursor stays in the middle, except near the ends.
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
