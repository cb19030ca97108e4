import Synchronization

/// The output lines of a running program.
public final class ProgramLog: Sendable {
    private struct State {
        var lines: [String] = []
        var hasEnded = false
    }

    private let state = Mutex(State())

    public var lines: [String] { state.withLock { $0.lines } }

    public func contains(_ text: String) -> Bool {
        state.withLock { $0.lines.contains { $0.contains(text) } }
    }

    /// Whether the program has closed its output.
    public var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func append(_ line: String) {
        state.withLock { $0.lines.append(line) }
    }

    func end() {
        state.withLock { $0.hasEnded = true }
    }

    /// Returns when a line contains the text; throws with the end of the log if the program ends before that.
    func wait(for text: String, of program: String) async throws {
        try await eventually("\(program) says “\(text)”") {
            contains(text) || hasEnded
        }
        guard contains(text) else {
            throw LabFailure("\(program) ended at once:\n\(lines.suffix(20).joined(separator: "\n"))")
        }
    }
}
