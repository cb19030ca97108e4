/// Something that a plan changes of what is there: how it is, and how it will be.
public struct Difference: Codable, Equatable, Sendable {
    /// "chart", "builder.cache.size", "server certificate".
    public var what: String
    public var before: String
    public var after: String

    public init(_ what: String, _ before: String, _ after: String) {
        self.what = what
        self.before = before
        self.after = after
    }
}

extension Difference: CustomStringConvertible {
    public var description: String { "\(what): \(before) → \(after)" }
}
