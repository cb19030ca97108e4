/// One place of a frame.
public struct Cell: Hashable, Sendable {
    /// What is shown; a space where nothing is.
    public var character: Character

    /// How many columns it takes. 0: covered by the wide character to the left.
    public var width: Int

    public var style: Style

    public init(_ character: Character, width: Int = 1, style: Style = .plain) {
        self.character = character
        self.width = width
        self.style = style
    }

    static let blank = Cell(" ")
}
