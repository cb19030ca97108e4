import LabSupport
import Synchronization
import Testing

extension Builds {
    /// An upgrade of BuildKit does not affect builds.
    @Suite struct UpgradeUnderBuildsTests {
        @Test func runningBuildsFinishAndNewOnesWaitForTheNextBuildKit() async throws {
            try await BuildKitEngine.withOwn { engine in
                try await Gate.whileServing { gate in
                    try await OwnProxy.whileRunning { own in
                        try await upgrade(of: own, to: engine, gate: gate)
                    }
                }
            }
        }

        private func upgrade(of own: OwnProxy, to engine: BuildKitEngine, gate: Gate) async throws {
            let (docker, folder) = (own.installation.laptop.docker, own.installation.folder)
            let recipes = try ["one", "two"].map {
                try Recipe("RUN \(gate.waiting(as: $0)); echo \($0) > result", in: folder)
            }
            // Its other targets are requested long after BuildKit has been signalled to end.
            let linked = try LinkedTargets(step: gate.waiting(as: "three"), network: "host", in: folder)
            let events = Events()

            let late = try await own.whileBuilderServes(engine: engine) { builder in
                let running =
                    recipes.map { recipe in
                        Task {
                            let result = try await recipe.result(
                                with: docker, builder: own.builder, ["--network", "host"])
                            events.note("built")
                            return [result]
                        }
                    } + [
                        Task {
                            let results = try await linked.bake(with: docker, builder: own.builder)
                            events.note("built")
                            return results
                        }
                    ]
                try await eventually("three builds are running") {
                    ["one", "two", "three"].allSatisfy { gate.isAwaited(by: $0) }
                }

                // A terminating pod is removed from its Service at once.
                builder.terminate()
                try await eventually("nobody is let in") { builder.log.contains("draining") }
                let drain = Task {
                    try await own.installation.pods.drainBuilder(
                        port: own.builderPort, in: "\(folder)/drain-\(own.builderPort)")
                    events.note("drained")
                }
                let samples = try (0..<2).map { _ in try SampleBuild(in: folder) }
                let late = samples.map { sample in
                    Task { try await sample.run(with: docker, builder: own.builder) }
                }
                try await eventually("the new ones are held") {
                    try await own.held() == 2
                }

                try gate.open()
                var results: [[String]] = []
                for build in running { results.append(try await build.value) }
                #expect(results == [["one\n"], ["two\n"], ["base of app\n", "base of report\n"]])
                try await drain.value
                #expect(events.all == ["built", "built", "built", "drained"])
                #expect(try await own.held() == 2)
                return late
            }

            try await engine.restart()
            try await own.whileBuilderServes(engine: engine) { _ in
                for build in late { #expect(try await build.value == "0\n") }
                // With the cache of the previous BuildKit.
                let again = try await recipes[0].build(
                    with: docker, builder: own.builder, ["--network", "host"])
                #expect(again.contains(/RUN .*\n#\d+ CACHED/))
            }
        }
    }
}

/// The events, in order.
private final class Events: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock(\.self) }

    func note(_ name: String) { names.withLock { $0.append(name) } }
}
