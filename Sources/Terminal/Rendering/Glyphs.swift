/// The symbols for drawing, each one column wide, and their replacements.
///
/// Pages draw with ``unicode``; the screen replaces symbols that its terminal does not support.
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
    /// A filled and an empty cell of a progress bar.
    public let full: Character
    public let empty: Character
    /// The marks at both ends of a button.
    public let buttonStart: Character
    public let buttonEnd: Character
    /// What turns while something is in progress, frame by frame.
    public let spinner: [Character]
    /// Whether the terminal supports characters beyond ASCII.
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
        corners: Corners(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"),
        full: "█", empty: "░", buttonStart: "▸", buttonEnd: "◂", spinner: Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), isUnicode: true
    )

    /// For terminals that support only ASCII.
    public static let ascii = Glyphs(
        done: "+", failed: "x", current: "*", pending: "o", warning: "!", ellipsis: ".", pointer: ">",
        bullet: "-",
        up: "^", down: "v", right: ">", left: "<", horizontal: "-", vertical: "|",
        corners: Corners(topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+"),
        full: "#", empty: ".", buttonStart: ">", buttonEnd: "<", spinner: Array(#"|/-\"#), isUnicode: false)

    /// For the Linux console: Unicode, but with a font of 512 characters with lines and few symbols.
    public static let console = Glyphs(
        done: "+", failed: "x", current: "*", pending: "o", warning: "!", ellipsis: ".", pointer: ">",
        bullet: "-",
        up: "^", down: "v", right: ">", left: "<", horizontal: "─", vertical: "│",
        corners: Corners(topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"),
        full: "█", empty: "░", buttonStart: ">", buttonEnd: "<", spinner: Array(#"|/-\"#), isUnicode: true)

    /// The replacement for `character`: its counterpart in this set, itself, or `?` if unsupported.
    public func substitute(for character: Character) -> Character {
        guard self != .unicode, !character.isASCII else { return character }
        if let path = Self.symbols.first(where: { Glyphs.unicode[keyPath: $0] == character }) {
            return self[keyPath: path]
        }
        if let index = Glyphs.unicode.spinner.firstIndex(of: character) {
            return spinner[index % spinner.count]
        }
        return isUnicode ? character : Self.letters[character] ?? "?"
    }

    /// ASCII replacements for punctuation.
    private static let letters: [Character: Character] = ["×": "x", "“": "\"", "”": "\"", "–": "-"]

    /// Computed, as key paths are not Sendable; used for terminals without Unicode only.
    private static var symbols: [KeyPath<Glyphs, Character>] {
        [
            \.done, \.failed, \.current, \.pending, \.ellipsis, \.pointer, \.bullet, \.up, \.down, \.right,
            \.left,
            \.horizontal, \.vertical, \.corners.topLeft, \.corners.topRight, \.corners.bottomLeft,
            \.corners.bottomRight, \.full, \.empty, \.buttonStart, \.buttonEnd,
        ]
    }
}
