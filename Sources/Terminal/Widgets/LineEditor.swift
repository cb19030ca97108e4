/// One line of text that is being edited, with the keys that people know from shells.
public struct LineEditor: Hashable, Sendable {
    /// What has been typed.
    public var text: String {
        get { String(characters) }
        set {
            characters = Array(newValue)
            cursor = characters.count
        }
    }

    /// Where the next character goes, counted in characters.
    public private(set) var cursor: Int

    private var characters: [Character]

    public init(_ text: String = "") {
        characters = Array(text)
        cursor = characters.count
    }

    /// Handles a key of an editor; false: the key is none.
    @discardableResult
    public mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .backspace, .control("h"): delete(max(0, cursor - 1)..<cursor)
        case .delete, .control("d"): delete(cursor..<min(cursor + 1, characters.count))
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .wordLeft, .alt("b"): cursor = wordStart
        case .wordRight, .alt("f"): cursor = wordEnd
        case .control("u"): delete(0..<cursor)
        case .control("k"): delete(cursor..<characters.count)
        case .control("w"): delete(wordStart..<cursor)
        case .alt("d"): delete(cursor..<wordEnd)
        default: return false
        }
        return true
    }

    /// Inserts typed or pasted text; line ends become spaces, except at its ends, where they are dropped.
    public mutating func insert(_ text: String) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        // Through String: a combining mark joins the character before it.
        let head = Array(String(characters[..<cursor]) + Text.printable(line))
        characters = head + characters[cursor...]
        cursor = head.count
    }

    /// What a field of so many columns shows, and in which column of it the cursor stands. A long text
    /// scrolls; an ellipsis says that there is more to the left.
    public func visible(columns: Int) -> (text: String, cursor: Int) {
        // One column is for the cursor behind the last character.
        let room = max(0, columns - 1)
        let before = Text.width(String(characters[..<cursor]))
        guard before > room else { return (clipped(from: 0, to: columns), before) }
        var start = cursor
        var width = 1
        while start > 0, width + Text.width(characters[start - 1]) <= room {
            start -= 1
            width += Text.width(characters[start])
        }
        guard columns > 1 else { return ("", 0) }
        return (String(Glyphs.unicode.ellipsis) + clipped(from: start, to: columns - 1), width)
    }

    private func clipped(from start: Int, to columns: Int) -> String {
        var left = columns
        let shown = characters[start...].prefix { character in
            left -= Text.width(character)
            return left >= 0
        }
        return String(shown)
    }

    private mutating func delete(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, !characters[index - 1].isWordPart { index -= 1 }
        while index > 0, characters[index - 1].isWordPart { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, !characters[index].isWordPart { index += 1 }
        while index < characters.count, characters[index].isWordPart { index += 1 }
        return index
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber }
}
