import FoundationEssentials

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

/// Waits until BuildKit's pod has ended, or is ready.
struct BuilderWait {
    private static let interval = Duration.milliseconds(500)

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(for scaling: Scaling, at site: Site, timeout: Int) async throws {
        let end = workshop.world.now().addingTimeInterval(Double(timeout))
        let look = site.kubectl(
            "get", "pods", "--selector", Labels.pods(of: site, "builder"), "--output", "json")
        while true {
            let pods = try JSONValue(kubectl: await workshop.ask(look))
            guard !Self.isReached(scaling, by: pods["items"]?.array ?? []) else { return }
            guard workshop.world.now() < end else { throw await failure(scaling, site, timeout) }
            try await workshop.world.pause(Self.interval)
        }
    }

    private static func isReached(_ scaling: Scaling, by pods: [JSONValue]) -> Bool {
        switch scaling {
        case .sleep: pods.isEmpty
        case .wake: pods.contains { $0["metadata"]?["deletionTimestamp"] == nil && PodTrouble.isReady($0) }
        }
    }

    private func failure(_ scaling: Scaling, _ site: Site, _ timeout: Int) async -> Failure {
        let selector = ["--selector", Labels.pods(of: site, "builder")]
        switch scaling {
        case .sleep:
            return Failure(
                "BuildKit has not ended within \(timeout) seconds",
                hint: "It finishes the builds that run, and then ends by itself. To look at it: "
                    + "\(site.kubectl.command(["get", "pods"] + selector))")
        case .wake:
            // It only explains; that the time is up is known without it.
            let objects = try? await Query.objects(site).value(from: workshop.world.runner)
            let trouble = objects.map { PodTrouble($0.pods(of: site, "builder"), in: $0).sentences } ?? []
            return Failure(
                "BuildKit is not ready after \(timeout) seconds", detail: trouble.joined(separator: "\n"),
                hint: "It goes on trying. To look at it: "
                    + "\(site.kubectl.command(["describe", "pods"] + selector))")
        }
    }
}
