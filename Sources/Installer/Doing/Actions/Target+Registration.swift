extension Target {
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
            let coverage = Coverage(names: names, servername: registration.servername)
            self.init(found, servername: coverage.expectedName(dialling: found.host))
        }
    }
}
