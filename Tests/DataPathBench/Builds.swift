import FoundationEssentials
import LabSupport

/// The same builds alternately through the proxy and without it.
struct Builds {
    let setting: Setting

    func measure() async throws {
        try await measureEmptyBuild()
        try await measureContext()
    }

    private func measureEmptyBuild() async throws {
        let context = try folder("empty")
        let times = try await inTurns(41) { builder in
            let start = ContinuousClock.now
            try await build(context, by: builder)
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
        let more = zip(times.proxied, times.direct).map { $0 - $1 }.median
        Row(
            subject: "a no-op build", figure: "\(more >= 0 ? "+" : "")\(more.rounded(to: 1)) ms",
            reference: "goal ≤ 5 ms; directly \(times.direct.median.rounded(to: 0)) ms"
        ).show()
    }

    private func measureContext() async throws {
        let size = 1 << 30
        let context = try folder("context")
        try await Program("openssl").require("rand", "-out", "\(context)/blob", "\(size)")
        let speeds = try await inTurns(5) { builder in
            // Otherwise BuildKit would have it, and not request it again.
            try await Program("touch").require("\(context)/blob")
            let said = try await build(context, by: builder)
            try await setting.docker.require("buildx", "prune", "--builder", builder, "--all", "--force")
            guard let seconds = said.matches(of: #/transferring context: 1\.0\d*GB ([\d.]+)s done/#).last,
                let seconds = Double(seconds.1)
            else { throw LabFailure("BuildKit does not say how long the context took:\n\(said)") }
            return Double(size) / 1_000_000 / seconds
        }
        let ratio = zip(speeds.proxied, speeds.direct).map { $0 / $1 }.median
        Row(
            subject: "a context of 1 GiB", figure: "\(ratio.rounded(to: 2)) times",
            reference: "goal ≥ 0.95 of the throughput; directly \(speeds.direct.median.rounded(to: 0)) MB/s"
        ).show()
    }

    /// Measurements in pairs of consecutive runs: other load of the machine affects both.
    /// - Parameter body: measures with the builder of that name.
    private func inTurns(
        _ runs: Int, _ body: (String) async throws -> Double
    ) async throws -> (proxied: [Double], direct: [Double]) {
        var figures = (proxied: [Double](), direct: [Double]())
        // The first run of each fills the caches.
        _ = (try await body(Setting.direct), try await body(Setting.proxied))
        for _ in 0..<runs {
            figures.direct.append(try await body(Setting.direct))
            figures.proxied.append(try await body(Setting.proxied))
        }
        return figures
    }

    /// The output of BuildKit.
    @discardableResult
    private func build(_ context: String, by builder: String) async throws -> String {
        let outcome = try await setting.docker.run(
            "buildx", "build", "--builder", builder, "--progress", "plain", context)
        guard outcome.succeeded else { throw LabFailure(outcome.errors) }
        return outcome.errors
    }

    private func folder(_ name: String) throws -> String {
        let path = "\(setting.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Data("FROM scratch\nCOPY . /\n".utf8).write(to: URL(filePath: "\(path)/Dockerfile"))
        return path
    }
}
