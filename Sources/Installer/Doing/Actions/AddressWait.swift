/// Waits until the builder's Service can be reached from outside.
struct AddressWait {
    /// How long to wait between two looks, in seconds.
    private static let interval = 2

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(for service: ServiceName, _ exposure: Exposure, timeout: Int) async throws {
        let address = ServiceAddress(workshop, service, exposure)
        for _ in 0...max(0, timeout / Self.interval) {
            if let endpoint = try await address.endpoint() {
                await workshop.say("\(endpoint)")
                return
            }
            try await workshop.world.pause(.seconds(Self.interval))
        }
        throw await failure(service, exposure, timeout)
    }

    private func failure(_ service: ServiceName, _ exposure: Exposure, _ timeout: Int) async -> Failure {
        let events = service.kubectl(
            "get", "events", "--field-selector",
            "involvedObject.kind=Service,involvedObject.name=\(service.name)",
            "--sort-by", "lastTimestamp", "--output", "custom-columns=REASON:.reason,MESSAGE:.message",
            "--no-headers")
        // Without its events the failure says less, but it is still the one to tell.
        let said = (try? await workshop.ask(events))?.trimmed
        let hint =
            switch exposure {
            case .loadBalancer:
                "The cluster may have no load balancer to give. Use --exposure node-port or --exposure port-forward."
            case .nodePort, .portForward:
                "The nodes' addresses must be readable: \(Kubectl(context: service.context)("get", "nodes", "--output", "wide"))"
            }
        return Failure(
            "The Service \(service.name) got no address within \(timeout) seconds",
            detail: said.flatMap { $0.isEmpty ? nil : $0 }, hint: hint)
    }
}
