/// One thing that is wrong with an answer: which one, why, and a value that would do.
public struct Problem: Error, Equatable, Sendable, Codable {
    /// The id of the field that refused.
    public var field: String
    /// Where the answer came from, as the user wrote it: `--sans`, `BUILDKIT_INSTALLER_SANS`, `"sans" in a.json`.
    public var origin: String?
    public var message: String
    /// A value that the field would take.
    public var example: String?

    public init(field: String, origin: String? = nil, message: String, example: String? = nil) {
        self.field = field
        self.origin = origin
        self.message = message
        self.example = example
    }
}

extension Problem: CustomStringConvertible {
    public var description: String {
        let subject = origin ?? field
        guard let example else { return "\(subject): \(message)" }
        return "\(subject): \(message), as in '\(example)'"
    }
}
