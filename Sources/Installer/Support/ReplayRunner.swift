import Synchronization

/// Replays a recorded session, for tests and rehearsals, in which nothing may be run.
///
/// A command that was not recorded is a failure that names it; unused recordings are in ``unplayed``. It starts no
/// process and lets no time pass.
public final class ReplayRunner: CommandRunner {
    /// How a recording is selected for a command.
    public enum Order: Sendable {
        /// The next one; it must be for this command.
        case asRecorded
        /// The first remaining one for this command: for commands that run concurrently.
        case any
    }

    /// The description of one command, and its result.
    public struct Recording: Sendable {
        public var command: String
        public var result: CommandResult
        /// Whether it continues after it has printed its lines, until it is cancelled.
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
    /// The recordings that were not used; a test expects none.
    public var unplayed: [String] { state.withLock { $0.left.map(\.command) } }
}
