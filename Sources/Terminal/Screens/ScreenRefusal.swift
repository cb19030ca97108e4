/// Why there can be no full-screen program here, in words for the user.
public struct ScreenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
