import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The Lease of an installation as it was read.
struct ObservedLease {
    let uid: String
    let version: String
    let holder: String
    /// In seconds.
    let duration: Int
    let renewed: Date
    let transitions: Int

    var expires: Date { renewed.addingTimeInterval(Double(duration)) }

    /// - Parameter duration: that of a Lease without one.
    /// - Returns: nil for anything but an object of the API server.
    init?(_ object: JSONValue, duration: Int) {
        guard let uid = object.uid, let version = object.resourceVersion else { return nil }
        let spec = object["spec"]
        (self.uid, self.version) = (uid, version)
        holder = spec?["holderIdentity"]?.string ?? "unknown"
        self.duration = spec?["leaseDurationSeconds"]?.number.map { Int($0) } ?? duration
        // A Lease without a time was never renewed.
        renewed = (spec?["renewTime"]?.string).flatMap { try? Self.date($0) } ?? .distantPast
        transitions = spec?["leaseTransitions"]?.number.map { Int($0) } ?? 0
    }

    /// Kubernetes writes microseconds; whole seconds are enough here.
    private static func date(_ text: String) throws -> Date {
        let seconds = text.prefix { $0 != "." && $0 != "Z" }
        return try Date.ISO8601FormatStyle().parse("\(seconds)Z")
    }
}

extension Dependencies {
    /// The identity of a run that holds a Lease: no other process has it.
    func newLeaseHolder() -> String {
        let user = environment["USER"].flatMap { $0.isEmpty ? nil : $0 } ?? "uid \(getuid())"
        return "\(user)@\(Self.host) \(nonce())"
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
