/// The visible rows of a long text. If the end is visible, a growing text such as a log is followed.
public struct Scroll: Hashable, Sendable {
    /// The first visible row.
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

    /// The visible rows.
    public var visible: Range<Int> { offset..<min(length, offset + height) }

    public var isAtStart: Bool { offset == 0 }
    public var isAtEnd: Bool { offset == last }

    private var last: Int { max(0, length - height) }

    /// Adapts to the length of the text and the available height, both in rows.
    public mutating func fit(length: Int, height: Int) {
        self.length = max(0, length)
        self.height = max(0, height)
        offset = follows ? last : min(offset, last)
    }

    /// Handles a scroll key; false: not a scroll key, or at the end of the text.
    @discardableResult
    public mutating func handle(_ key: Key) -> Bool {
        let before = offset
        switch key {
        case .up: offset -= 1
        case .down: offset += 1
        // One row of the previous page remains visible, for orientation.
        case .pageUp: offset -= max(1, height - 1)
        case .pageDown: offset += max(1, height - 1)
        case .home: offset = 0
        case .end: offset = last
        default: return false
        }
        offset = max(0, min(offset, last))
        guard offset != before else { return false }
        // Scrolling up stops following the text; returning to the end resumes it.
        follows = canFollow && isAtEnd
        return true
    }
}
