import Synchronization

/// Plays a recorded session back: for tests and rehearsals, in which nothing may be run.
///
/// A command that was not recorded is a failure that names it; what was recorded and never asked for is in
/// ``unplayed``. It starts no process and lets no time pass.
public final class ReplayRunner: CommandRunner {
    /// Which recording answers a command.
    public enum Order: Sendable {
        /// The next one; it must be of that very command.
        case asRecorded
        /// The first one of that command that is left: for commands that run at the same time.
        case any
    }

    /// One command, as it is described, and what came of it.
    public struct Recording: Sendable {
        public var command: String
        public var result: CommandResult
        /// Whether it goes on after it has printed its lines, until it is cancelled.
        public var goesOn: Bool

        public init(_ command: String, _ result: CommandResult = CommandResult(), goesOn: Bool = false) {
            self.command = command
            self.result = result
            self.goesOn = goesOn
        }
    }

    private struct State {
        var left: [Recording]
        var played: [Command] = []
    }

    private let order: Order
    private let state: Mutex<State>

    public init(_ recordings: [Recording], order: Order = .asRecorded) {
        self.order = order
        state = Mutex(State(left: recordings))
    }

    public convenience init(_ recordings: KeyValuePairs<String, CommandResult>, order: Order = .asRecorded) {
        self.init(recordings.map { Recording($0.key, $0.value) }, order: order)
    }

    public func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        try Task.checkCancellation()
        let recording = try next(command)
        for (text, isError) in [(recording.result.output, false), (recording.result.errors, true)] {
            var lines = LineSplitter()
            for line in lines.take(text.utf8) + [lines.finish()].compactMap({ $0 }) {
                await eachLine(OutputLine(line, isError: isError))
            }
        }
        if recording.goesOn { try await sleepUntilCancelled() }
        return recording.result
    }

    private func next(_ command: Command) throws -> Recording {
        try state.withLock { state in
            let index =
                switch order {
                case .asRecorded: state.left.first?.command == command.description ? 0 : nil
                case .any: state.left.firstIndex { $0.command == command.description }
                }
            guard let index else {
                throw InstallerError(
                    "Not in the transcript: \(command)",
                    hint: "Expected: \(state.left.first?.command ?? "the end")")
            }
            state.played.append(command)
            return state.left.remove(at: index)
        }
    }

    /// The commands that were run, in order.
    public var played: [Command] { state.withLock { $0.played } }
    /// What was recorded but never asked for; a test expects none.
    public var unplayed: [String] { state.withLock { $0.left.map(\.command) } }
}
