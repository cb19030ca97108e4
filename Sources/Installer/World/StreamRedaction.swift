import Synchronization

/// Redacts the lines of a tool's two streams, each of which may be inside a secret of its own.
final class StreamRedaction: Sendable {
    private let streams = Mutex((output: Redaction(), errors: Redaction()))

    func line(_ line: OutputLine) -> OutputLine {
        let text = streams.withLock { streams in
            line.isError ? streams.errors.line(line.text) : streams.output.line(line.text)
        }
        return OutputLine(text, isError: line.isError)
    }
}
