/// A `kubectl port-forward` for the duration of its use.
struct PortForward: Sendable {
    /// An unexpected end, with kubectl's output.
    struct Ended: Error {
        var said: String
        /// Whether another process uses the port of this machine.
        var isTaken: Bool { said.contains("address already in use") }
    }

    let command: Command

    /// Runs `body` while the port is forwarded.
    /// - Parameter body: receives the port of this machine.
    /// - Throws: ``Ended``, or what `body` throws.
    func use<Result: Sendable>(
        by runner: any CommandRunner, _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (opened, opening) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask {
                defer { opening.finish() }
                throw try await run(by: runner) { opening.yield($0) }
            }
            group.addTask {
                // Where it does not open, the other task throws the reason.
                for await port in opened { return try await body(port) }
                try await sleepUntilCancelled()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Forwards until it is cancelled. kubectl only ends earlier because of an error.
    private func run(
        by runner: any CommandRunner, _ isOpen: @escaping @Sendable (Int) -> Void
    ) async throws -> Ended {
        let result = try await runner.run(command) { line in
            if let port = Self.port(in: line.text) { isOpen(port) }
        }
        return Ended(said: Redactor.of(result.errors.trimmed))
    }

    /// The port in kubectl's message that it listens: `Forwarding from 127.0.0.1:40001 -> 1234`.
    private static func port(in line: String) -> Int? {
        guard line.hasPrefix("Forwarding from "), let arrow = line.firstRange(of: " -> ") else { return nil }
        return line[..<arrow.lowerBound].split(separator: ":").last.flatMap { Int($0) }
    }
}

extension InstallerError {
    /// The error of a port-forward that ended.
    init(_ end: PortForward.Ended, of command: Command, to what: String) {
        self.init(
            "The port-forward to \(what) terminated", detail: end.said.isEmpty ? nil : end.said,
            hint: "Try it manually: \(command)")
    }
}
