import FoundationEssentials

/// A process of a test, distinct from a later one with the same number.
struct ProcessMark: Sendable, CustomStringConvertible {
    let number: Int
    private let start: String?

    /// - Parameter number: the number of a running process.
    init(_ number: Int) {
        self.number = number
        start = Self.fields(of: number)?.start
    }

    /// Whether it is still running. A zombie does not count.
    var isRunning: Bool {
        guard let fields = Self.fields(of: number), fields.start == start else { return false }
        return !["Z", "X"].contains(fields.state)
    }

    var description: String { "\(number)" }

    /// The state and the start time, by proc_pid_stat(5).
    private static func fields(of number: Int) -> (state: String, start: String)? {
        guard let text = try? String(contentsOf: URL(filePath: "/proc/\(number)/stat"), encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // The name may contain any character; the third and later fields follow it.
        let fields = text[text.index(after: end)...].split(separator: " ").map(String.init)
        return fields.count > 19 ? (fields[0], fields[19]) : nil
    }
}
