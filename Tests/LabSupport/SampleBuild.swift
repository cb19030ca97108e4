import FoundationEssentials

/// A build that needs no registry and no network, but makes BuildKit run a command: the container consists of this
/// machine's own BusyBox.
public struct SampleBuild: Sendable {
    private static let dockerfile = """
        FROM scratch
        COPY --from=tools / /
        RUN ["sh", "-c", "id -u > /user"]
        FROM scratch
        COPY --from=0 /user /
        """

    private let folder: String

    /// - Parameter folder: an existing folder; the build's files are in a new folder in it.
    public init(in folder: String) throws {
        self.folder = "\(folder)/sample-\(UInt64.random(in: 0 ... .max))"
        _ = try ContainerRoot(at: "\(self.folder)/tools", applets: ["sh", "id", "sleep"])
    }

    /// Runs it, and returns the output of its RUN step: the id of its user, and a line end.
    /// - Parameters:
    ///   - builder: nil: the current one.
    ///   - seconds: the duration of its step, which prints a line each second.
    public func run(
        with docker: Program, builder: String? = nil, lasting seconds: Int = 0
    ) async throws -> String {
        let result = "\(folder)/out-\(UInt64.random(in: 0 ... .max))"
        try await docker.require(arguments(into: result, builder, lasting: seconds))
        return try String(contentsOf: URL(filePath: "\(result)/user"), encoding: .utf8)
    }

    /// The same, with `body` while its step runs.
    /// - Parameter seconds: at least 1.
    public func run(
        with docker: Program, builder: String? = nil, lasting seconds: Int,
        whileRunning body: () async throws -> Void
    ) async throws -> String {
        let result = "\(folder)/out-\(UInt64.random(in: 0 ... .max))"
        return try await docker.whileRunning(
            arguments(into: result, builder, lasting: seconds), ready: " second 0"
        ) { build in
            try await body()
            try await eventually("the build has ended") { build.log.hasEnded }
            return try String(contentsOf: URL(filePath: "\(result)/user"), encoding: .utf8)
        }
    }

    private func arguments(
        into result: String, _ builder: String?, lasting seconds: Int
    ) throws -> [String] {
        let dockerfile = "\(folder)/Dockerfile-\(UInt64.random(in: 0 ... .max))"
        let wait = "i=0; while [ $i -lt \(seconds) ]; do echo second $i; sleep 1; i=$((i+1)); done; "
        try Data(Self.dockerfile.replacing("id -u", with: wait + "id -u").utf8)
            .write(to: URL(filePath: dockerfile))
        return ["buildx", "build", "--network", "none", "--no-cache", "--progress", "plain"]
            + (builder.map { ["--builder", $0] } ?? [])
            + [
                "--build-context", "tools=\(folder)/tools", "--output", "type=local,dest=\(result)",
                "--file", dockerfile, "\(folder)/tools",
            ]
    }

    /// Starts a build with a very long step, and cancels it when `body` has ended.
    /// - Parameter builder: nil: the current one.
    public func whileRunning<Result: Sendable>(
        with docker: Program, builder: String? = nil,
        body: () async throws -> Result
    ) async throws -> Result {
        let dockerfile = "\(folder)/Dockerfile-\(UInt64.random(in: 0 ... .max))"
        let text = Self.dockerfile.replacing(
            "id -u > /user", with: "echo begun; sleep 3600 # \(dockerfile)")
        try Data(text.utf8).write(to: URL(filePath: dockerfile))
        return try await docker.whileRunning(
            ["buildx", "build", "--network", "none", "--progress", "plain"]
                + (builder.map { ["--builder", $0] } ?? [])
                + ["--build-context", "tools=\(folder)/tools", "--file", dockerfile, "\(folder)/tools"],
            ready: " begun"
        ) { _ in try await body() }
    }
}
