/// The symbols that programs draw with, each one column wide, and what stands for them where they cannot be.
///
/// Pages draw with ``unicode``; the screen replaces what its terminal lacks, so that a page need not ask.
public struct Glyphs: Sendable, Equatable {
    public let done: Character
    public let failed: Character
    public let current: Character
    public let pending: Character
    public let warning: Character
    public let ellipsis: Character
    public let pointer: Character
    public let bullet: Character
    public let up: Character
    public let down: Character
    public let right: Character
    public let left: Character
    public let horizontal: Character
    public let vertical: Character
    public let corners: Corners
    /// Whether the terminal shows other characters than ASCII.
    public let isUnicode: Bool

    /// The corners of a box.
    public struct Corners: Sendable, Equatable {
        public let topLeft: Character
        public let topRight: Character
        public let bottomLeft: Character
        public let bottomRight: Character
    }

    public static let unicode = Glyphs(
        done: "✓", failed: "✗", current: "●", pending: "○", warning: "!", ellipsis: "…", pointer: "›",
        bullet: "•",
        up: "↑", down: "↓", right: "→", left: "←", horizontal: "─", vertical: "│",
        corners: Corners(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"), isUnicode: true)

    /// For terminals that show ASCII only.
    public static let ascii = Glyphs(
        done: "+", failed: "x", current: "*", pending: "o", warning: "!", ellipsis: ".", pointer: ">",
        bullet: "-",
        up: "^", down: "v", right: ">", left: "<", horizontal: "-", vertical: "|",
        corners: Corners(topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+"), isUnicode: false)

    /// For the Linux console: Unicode, but with a font of 512 characters that has lines and few symbols.
    public static let console = Glyphs(
        done: "+", failed: "x", current: "*", pending: "o", warning: "!", ellipsis: ".", pointer: ">",
        bullet: "-",
        up: "^", down: "v", right: ">", left: "<", horizontal: "─", vertical: "│",
        corners: Corners(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"), isUnicode: true)

    /// What to show for `character`: its counterpart in this set, itself, or `?` for what cannot be shown.
    public func substitute(for character: Character) -> Character {
        guard self != .unicode, !character.isASCII else { return character }
        if let path = Self.symbols.first(where: { Glyphs.unicode[keyPath: $0] == character }) {
            return self[keyPath: path]
        }
        return isUnicode ? character : Self.letters[character] ?? "?"
    }

    /// What ASCII has for the signs of sentences.
    private static let letters: [Character: Character] = ["×": "x", "“": "\"", "”": "\"", "–": "-"]

    /// Computed, as key paths are not Sendable; used for terminals without Unicode only.
    private static var symbols: [KeyPath<Glyphs, Character>] {
        [
            \.done, \.failed, \.current, \.pending, \.ellipsis, \.pointer, \.bullet, \.up, \.down, \.right,
            \.left,
            \.horizontal, \.vertical, \.corners.topLeft, \.corners.topRight, \.corners.bottomLeft,
            \.corners.bottomRight,
        ]
    }
}
