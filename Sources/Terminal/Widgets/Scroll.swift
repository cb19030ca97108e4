/// Which rows of a long text are in sight. A text that grows, as a log does, is followed while its end is.
public struct Scroll: Hashable, Sendable {
    /// The first row in sight.
    public private(set) var offset = 0

    private var length = 0
    private var height = 0
    private let canFollow: Bool
    private var follows: Bool

    /// - Parameter follows: start at the end, and stay there.
    public init(follows: Bool = false) {
        canFollow = follows
        self.follows = follows
    }

    /// The rows in sight.
    public var visible: Range<Int> { offset..<min(length, offset + height) }

    public var isAtStart: Bool { offset == 0 }
    public var isAtEnd: Bool { offset == last }

    private var last: Int { max(0, length - height) }

    /// Adapts to the text and to the room for it, both in rows.
    public mutating func fit(length: Int, height: Int) {
        self.length = max(0, length)
        self.height = max(0, height)
        offset = follows ? last : min(offset, last)
    }

    /// Handles a key that scrolls; false: the key is none, or there is nowhere to go.
    @discardableResult
    public mutating func handle(_ key: Key) -> Bool {
        let before = offset
        switch key {
        case .up: offset -= 1
        case .down: offset += 1
        // A row of the last page stays, so that the eye finds its place.
        case .pageUp: offset -= max(1, height - 1)
        case .pageDown: offset += max(1, height - 1)
        case .home: offset = 0
        case .end: offset = last
        default: return false
        }
        offset = max(0, min(offset, last))
        guard offset != before else { return false }
        // Whoever scrolls up wants to read; whoever comes back to the end wants the news, if any can be.
        follows = canFollow && isAtEnd
        return true
    }
}
