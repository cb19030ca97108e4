import MutualTLS

/// Where a registered builder answers, and the name that its certificate must bear there.
struct Target: Equatable {
    var endpoint: Endpoint
    /// What buildx is told to expect; nil: the endpoint's host.
    var servername: String?

    /// Works out where the builder answers by now.
    init(of registration: Registration, in workshop: Workshop) async throws {
        switch registration.address {
        case .endpoint(let endpoint):
            self.init(endpoint, servername: registration.servername)
        case .service(let service, let exposure, let names):
            guard
                let found = try await ServiceAddress(workshop, service, exposure).endpoint(preferring: names)
            else {
                throw Failure(
                    "The Service \(service.name) has no address yet",
                    hint: "See what it waits for: \(service.kubectl("describe", "service", service.name))")
            }
            self.init(found, servername: registration.servername ?? Self.name(for: found.host, among: names))
        }
    }

    init(_ endpoint: Endpoint, servername: String?) {
        self.endpoint = endpoint
        self.servername = servername == endpoint.host ? nil : servername
    }

    /// The first name that the certificate covers, where the host itself is none of them: so nobody has to edit
    /// /etc/hosts.
    private static func name(for host: String, among names: [SubjectName]) -> String? {
        guard !names.contains(where: { $0.covers(host) }) else { return nil }
        return names.lazy.map { "\($0)" }.first { !$0.hasPrefix("*") }
    }
}
