/// A port of a Service, forwarded to this machine for as long as something uses it.
struct Tunnel {
    private let workshop: Workshop
    private let service: ServiceName

    init(_ workshop: Workshop, to service: ServiceName) {
        self.workshop = workshop
        self.service = service
    }

    /// Does something once the port is open, and closes it afterwards.
    func use(_ body: @escaping @Sendable () async throws -> Void) async throws {
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

    /// Forwards until it is cancelled. kubectl ends by itself only when something is wrong: returned is what.
    private func forward(_ isOpen: @escaping @Sendable () -> Void) async throws -> Failure {
        let result = try await workshop.world.runner.run(service.kubectl.portForward(service)) { line in
            // kubectl says so once it listens.
            if line.text.hasPrefix("Forwarding from ") { isOpen() }
        }
        let said = Redaction.of(result.errors.trimmed)
        guard !said.contains("address already in use") else {
            return Failure(
                "Port \(service.port) of this machine is taken, so that nothing can be forwarded to it",
                detail: said, hint: "See who has it: ss -ltnp 'sport = :\(service.port)'")
        }
        return Failure(
            "The port-forward to the Service \(service.name) ended", detail: said.isEmpty ? nil : said,
            hint: "Try it by hand: \(service.kubectl.portForward(service))")
    }
}
