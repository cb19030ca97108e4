import FoundationEssentials

/// Tells buildx about a builder, or changes what it knows of it.
struct BuilderRegistrar {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func register(_ registration: Registration) async throws {
        // Without the note an uninstall goes back to buildx's own default.
        try? rememberFormer(registration)
        let target = try await Target(of: registration, in: workshop)
        try await workshop.run(
            Buildx.create(registration, endpoint: target.endpoint, servername: target.servername))
    }

    /// Writes down which builder was the current one before, so that an uninstall can bring it back. The first
    /// time counts: later ours is the current one.
    private func rememberFormer(_ registration: Registration) throws {
        let world = workshop.world
        let path = world.places.former(of: workshop.plan.site)
        let current = BuildxState(of: world).builders().current
        guard registration.use, current != registration.builder,
            !FileManager.default.fileExists(atPath: path)
        else { return }
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write((current ?? "").utf8, to: path)
    }
}
