/// A text that no log, error or dump may show: the PEM of a private key.
public struct SecretText: Sendable, Hashable {
    /// The text itself. To be written to a file or a pipe, and nowhere else.
    public let revealed: String

    public init(_ text: String) { revealed = text }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
