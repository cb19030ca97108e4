/// Tells buildx about a builder, or changes what it knows of it.
struct BuilderRegistrar {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func register(_ registration: Registration) async throws {
        let target = try await Target(of: registration, in: workshop)
        try await workshop.run(
            Buildx.create(registration, endpoint: target.endpoint, servername: target.servername))
    }
}
