/// A `kubectl port-forward` that lasts as long as something uses it.
struct PortForward: Sendable {
    /// How it ended though it should have gone on, and what kubectl said.
    struct Ended: Error {
        var said: String
        /// Whether something else has the port of this machine.
        var isTaken: Bool { said.contains("address already in use") }
    }

    let command: Command

    /// Does something once the port is open, and closes it afterwards.
    /// - Parameter body: gets the port of this machine.
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
                // Without an opening the other task says why.
                for await port in opened { return try await body(port) }
                try await sleepUntilCancelled()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Forwards until it is cancelled. kubectl ends by itself only when something is wrong.
    private func run(
        by runner: any CommandRunner, _ isOpen: @escaping @Sendable (Int) -> Void
    ) async throws -> Ended {
        let result = try await runner.run(command) { line in
            if let port = Self.port(in: line.text) { isOpen(port) }
        }
        return Ended(said: Redactor.of(result.errors.trimmed))
    }

    /// What kubectl says once it listens: `Forwarding from 127.0.0.1:40001 -> 1234`.
    private static func port(in line: String) -> Int? {
        guard line.hasPrefix("Forwarding from "), let arrow = line.firstRange(of: " -> ") else { return nil }
        return line[..<arrow.lowerBound].split(separator: ":").last.flatMap { Int($0) }
    }
}

extension InstallerError {
    /// A port-forward that did not come about.
    init(_ end: PortForward.Ended, of command: Command, to what: String) {
        self.init(
            "The port-forward to \(what) ended", detail: end.said.isEmpty ? nil : end.said,
            hint: "Try it by hand: \(command)")
    }
}
