/// Something that went wrong: what happened, what the tool said, what to do next.
public struct Failure: Error, Codable, Equatable, Sendable {
    /// A sentence in the user's words: "The chart could not be installed".
    public var message: String
    /// What the tool said, as it said it.
    public var detail: String?
    /// What to do next; a command where there is one.
    public var hint: String?

    public init(_ message: String, detail: String? = nil, hint: String? = nil) {
        self.message = message
        self.detail = detail
        self.hint = hint
    }
}

extension Failure: CustomStringConvertible {
    public var description: String {
        ([message] + [detail, hint].compactMap { $0 }).joined(separator: "\n")
    }
}
