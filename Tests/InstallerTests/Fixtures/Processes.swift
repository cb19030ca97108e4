import FoundationEssentials

/// A process of a test, told apart from a later one that got the same number.
struct ProcessMark: Sendable, CustomStringConvertible {
    let number: Int
    private let start: String?

    /// - Parameter number: of a process that runs now.
    init(_ number: Int) {
        self.number = number
        start = Self.fields(of: number)?.start
    }

    /// Whether it still runs. One that has ended and waits to be collected does not.
    var isRunning: Bool {
        guard let fields = Self.fields(of: number), fields.start == start else { return false }
        return !["Z", "X"].contains(fields.state)
    }

    var description: String { "\(number)" }

    /// The state and the time of the start, by proc_pid_stat(5).
    private static func fields(of number: Int) -> (state: String, start: String)? {
        guard let text = try? String(contentsOf: URL(filePath: "/proc/\(number)/stat"), encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // After the name, which may hold anything, come the third field and those behind it.
        let fields = text[text.index(after: end)...].split(separator: " ").map(String.init)
        return fields.count > 19 ? (fields[0], fields[19]) : nil
    }
}
