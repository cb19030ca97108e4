/// A port of a Service, forwarded to this machine for as long as something uses it.
struct Tunnel {
    /// How a port-forward ended that should have gone on, and what kubectl said.
    private struct Ended: Error {
        var said: String
        /// Whether something else has the port of this machine.
        var isTaken: Bool { said.contains("address already in use") }
    }

    private let workshop: Workshop
    private let service: ServiceName

    init(_ workshop: Workshop, to service: ServiceName) {
        self.workshop = workshop
        self.service = service
    }

    /// Does something once the port is open, and closes it afterwards.
    ///
    /// A port that is taken may well be forwarded already: by the user, or by a run that was killed. Then that is
    /// used; mutual TLS sees to it that nobody else is taken for the builder.
    func use(_ body: @escaping @Sendable () async throws -> Void) async throws {
        do {
            try await forwarding(body)
        } catch let end as Ended {
            guard end.isTaken else { throw failure(end) }
            await workshop.say(
                "Port \(service.port) of this machine is in use; perhaps it is forwarded already")
            do {
                try await body()
            } catch let failure as Failure {
                throw taken(end, failure)
            }
        }
    }

    private func forwarding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let (opened, opening) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { opening.finish() }
                throw try await forward { opening.yield() }
            }
            group.addTask {
                // Without an opening the other task says why.
                for await _ in opened { return try await body() }
                try await sleepUntilCancelled()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Forwards until it is cancelled. kubectl ends by itself only when something is wrong.
    private func forward(_ isOpen: @escaping @Sendable () -> Void) async throws -> Ended {
        let result = try await workshop.world.runner.run(service.kubectl.portForward(service)) { line in
            // kubectl says so once it listens.
            if line.text.hasPrefix("Forwarding from ") { isOpen() }
        }
        return Ended(said: Redaction.of(result.errors.trimmed))
    }

    private func failure(_ end: Ended) -> Failure {
        Failure(
            "The port-forward to the Service \(service.name) ended",
            detail: end.said.isEmpty ? nil : end.said,
            hint: "Try it by hand: \(service.kubectl.portForward(service))")
    }

    private func taken(_ end: Ended, _ failure: Failure) -> Failure {
        Failure(
            "Port \(service.port) of this machine is taken, and not by the builder",
            detail: "\(end.said)\n\(failure.message)",
            hint: "See who has it: ss -ltnp 'sport = :\(service.port)'")
    }
}
