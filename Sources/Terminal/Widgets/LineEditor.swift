/// A single-line text editor with the key bindings of shells (GNU readline's emacs mode).
public struct LineEditor: Hashable, Sendable {
    /// The maximum length, in characters: far above any valid value. A file that was pasted by mistake would be
    /// validated and drawn on every key press.
    public static let limit = 16384

    /// The text. Setting it clears the undo history.
    public var text: String {
        get { String(characters) }
        set {
            characters = Array(newValue)
            cursor = characters.count
            past = []
            (recalled, draft, lastEdit) = (nil, nil, nil)
        }
    }

    /// Former values, the newest last: Alt-P and Alt-N step through them.
    public var history: [String]

    /// What Ctrl-U, K, W and Alt-D removed last; Ctrl-Y inserts it.
    public var killed = ""

    /// The insertion point, in characters.
    public private(set) var cursor: Int

    private var characters: [Character]
    private var past: [Version] = []
    private var lastEdit: Edit?
    /// The index of the shown value of the history, and the text that was there before.
    private var recalled: Int?
    private var draft: String?

    private struct Version: Hashable {
        var characters: [Character]
        var cursor: Int
    }

    /// What the next key may continue: an undo takes typed characters together, and kills one after the other are
    /// one text.
    private enum Edit: Hashable { case typing, killing }

    public init(_ text: String = "", history: [String] = []) {
        characters = Array(text)
        cursor = characters.count
        self.history = history
    }

    /// Handles an editing key; false: not an editing key.
    @discardableResult
    public mutating func handle(_ key: Key) -> Bool {
        let before = lastEdit
        lastEdit = nil
        switch key {
        case .character(let character):
            let typed = Self.line(String(character))
            replace(cursor..<cursor, with: typed, isContinued: before == .typing)
            lastEdit = typed.isEmpty ? nil : .typing
        case .backspace, .control("h"): replace(max(0, cursor - 1)..<cursor, with: "")
        case .delete, .control("d"): replace(cursor..<min(cursor + 1, characters.count), with: "")
        case .control("u"): kill(0..<cursor, after: before)
        case .control("k"): kill(cursor..<characters.count, after: before)
        case .control("w"), .wordBackspace: kill(wordStart..<cursor, after: before)
        case .alt("d"): kill(cursor..<wordEnd, after: before)
        case .control("y"): replace(cursor..<cursor, with: killed)
        case .control("_"): undo()
        case .control("t"): transpose()
        case .alt("u"): changeWord { $0.uppercased() }
        case .alt("l"): changeWord { $0.lowercased() }
        case .alt("c"): changeWord(Self.capitalized)
        case .alt("p"): recall(-1)
        case .alt("n"): recall(1)
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .wordLeft, .alt("b"): cursor = wordStart
        case .wordRight, .alt("f"): cursor = wordEnd
        default: return false
        }
        return true
    }

    /// Inserts typed or pasted text; line breaks become spaces, and are dropped at both ends.
    /// - Returns: false, and nothing is inserted, where the text would become longer than ``limit``.
    @discardableResult
    public mutating func insert(_ text: String) -> Bool {
        lastEdit = nil
        return replace(cursor..<cursor, with: Self.line(text))
    }

    private static func line(_ text: String) -> String {
        Text.printable(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// The visible text in that many columns, and the column of the cursor. A long text scrolls, with an ellipsis if it
    /// is cut on the left.
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

// MARK: - Editing

extension LineEditor {
    /// Replaces a part; the cursor is then behind the new text.
    /// - Returns: whether the result is within the limit; otherwise nothing is replaced.
    @discardableResult
    private mutating func replace(_ range: Range<Int>, with text: String, isContinued: Bool = false) -> Bool {
        guard !range.isEmpty || !text.isEmpty else { return true }
        guard text.isEmpty || characters.count - range.count + text.count <= Self.limit else { return false }
        if !isContinued { past.append(Version(characters: characters, cursor: cursor)) }
        // Through String: a combining mark joins the character before it.
        let head = String(characters[..<range.lowerBound]) + text
        characters = Array(head + String(characters[range.upperBound...]))
        cursor = min(head.count, characters.count)
        return true
    }

    /// Kills one after the other add to each other, in the order of the text.
    private mutating func kill(_ range: Range<Int>, after edit: Edit?) {
        lastEdit = .killing
        guard !range.isEmpty else { return }
        let text = String(characters[range])
        let isBackward = range.upperBound == cursor
        killed = edit != .killing ? text : isBackward ? text + killed : killed + text
        replace(range, with: "")
    }

    private mutating func undo() {
        guard let version = past.popLast() else { return }
        (characters, cursor) = (version.characters, version.cursor)
    }

    /// Drags the character before the cursor over the one at it; at the end, swaps the last two.
    private mutating func transpose() {
        let second = min(cursor, characters.count - 1)
        guard cursor > 0, second > 0 else { return }
        replace(second - 1..<second + 1, with: String([characters[second], characters[second - 1]]))
    }

    private mutating func changeWord(_ change: (String) -> String) {
        let end = wordEnd
        replace(cursor..<end, with: change(String(characters[cursor..<end])))
    }

    private static func capitalized(_ text: String) -> String {
        let lead = text.prefix { !$0.isWordPart }
        let word = text.dropFirst(lead.count)
        return lead + word.prefix(1).uppercased() + word.dropFirst().lowercased()
    }

    /// Steps through the history; beyond its end is the text from before.
    private mutating func recall(_ step: Int) {
        var target = (recalled ?? history.count) + step
        // The newest one may be the value in sight.
        if recalled == nil, history.indices.contains(target), history[target] == text { target += step }
        guard target >= 0, target <= history.count else { return }
        if recalled == nil { draft = text }
        recalled = target == history.count ? nil : target
        let value = target == history.count ? draft ?? "" : history[target]
        replace(characters.indices, with: Self.line(value))
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber }
}
