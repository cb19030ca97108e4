import FoundationEssentials

/// Deletes objects of the cluster, waits until they are gone, and says what holds those that do not go.
struct ObjectRemover {
    /// How long to wait between two looks, in seconds.
    private static let interval = 1

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func delete(_ removal: Removal) async throws {
        let kubectl = removal.kubectl
        try await workshop.run(
            kubectl.command(["delete"] + removal.objects + ["--ignore-not-found", "--wait=false"]))
        let look = kubectl.command(["get"] + removal.objects + ["--ignore-not-found", "--output", "json"])
        var left = try await objects(look)
        for _ in 0..<(removal.timeout / Self.interval) where !left.isEmpty {
            try await workshop.world.pause(.seconds(Self.interval))
            left = try await objects(look)
        }
        guard left.isEmpty else {
            throw HeldObjects(left).failure(
                "Not all of it was gone after \(removal.timeout) seconds", kubectl)
        }
    }

    private func objects(_ look: Command) async throws -> [JSONValue] {
        let text = try await workshop.ask(look)
        guard !text.trimmed.isEmpty else { return [] }
        let value = try JSONValue(kubectl: text)
        // One object comes alone, several as a list.
        return value["items"]?.array ?? [value]
    }
}
