/// What was found out, as one value: a person reads its lines, a program its JSON.
public protocol Reportable: Encodable, Sendable {
    /// As a person reads it, a line each.
    var lines: [String] { get }
}
