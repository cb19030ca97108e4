/// Why a text cannot be a name in a certificate, in words for whoever typed it.
public struct NameProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence that says what is wrong, without its full stop: an example may follow.
    public let message: String
    /// A value that would be accepted in its place.
    public let example: String

    public init(message: String, example: String) {
        self.message = message
        self.example = example
    }

    public var description: String { "\(message). A good value: \(example)" }
}
