/// Waits until nothing goes through the builder any more.
struct BuildWait {
    /// How long to wait between two looks, in seconds; each look takes one or two.
    private static let interval = 3

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(at site: Site, timeout: Int) async throws {
        var said = ""
        for _ in 0...max(0, timeout / Self.interval) {
            let activity = try await Activity.look(in: workshop.world, at: site)
            guard !activity.isNone else { return }
            if activity.inWords != said { await workshop.say(activity.inWords) }
            said = activity.inWords
            try await workshop.world.pause(.seconds(Self.interval))
        }
        throw Failure(
            "Builds still ran after \(timeout) seconds: \(said)",
            hint: "Wait longer with --timeout, or break them off with --force.")
    }
}
