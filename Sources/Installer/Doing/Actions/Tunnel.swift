/// The builder's Service, forwarded to this machine for as long as something uses it.
struct Tunnel {
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
        let command = service.kubectl.portForward(service)
        do {
            try await PortForward(command: command).use(by: workshop.world.runner) { _ in try await body() }
        } catch let end as PortForward.Ended {
            guard end.isTaken else { throw Failure(end, of: command, to: "the Service \(service.name)") }
            await workshop.say(
                "Port \(service.port) of this machine is in use; perhaps it is forwarded already")
            do {
                try await body()
            } catch let failure as Failure {
                throw taken(end, failure)
            }
        }
    }

    private func taken(_ end: PortForward.Ended, _ failure: Failure) -> Failure {
        Failure(
            "Port \(service.port) of this machine is taken, and not by the builder",
            detail: "\(end.said)\n\(failure.message)",
            hint: "See who has it: ss -ltnp 'sport = :\(service.port)'")
    }
}
