import FoundationEssentials

/// From when to when a certificate is valid.
struct Lifetime: Sendable {
    /// Certificates begin a little in the past: the clocks of clients and clusters differ.
    static let clockSkew: TimeInterval = 5 * 60
    /// A hundred years; beyond that a number of days is a slip of the finger.
    static let longest = 36500

    let start: Date
    let end: Date

    init(days: Int, from now: Date) throws(CredentialsError) {
        guard (1...Self.longest).contains(days) else {
            throw CredentialsError(
                .lifetime, "A lifetime of \(days) days cannot be had: it is 1 to \(Self.longest) days.",
                hint: "A good value: 365")
        }
        // Certificates know whole seconds only.
        let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        start = second.addingTimeInterval(-Self.clockSkew)
        end = second.addingTimeInterval(TimeInterval(days) * 86400)
    }
}
