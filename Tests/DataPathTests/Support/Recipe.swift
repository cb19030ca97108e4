import FoundationEssentials
import LabSupport

/// A build whose steps can run programs of this machine. The content of `/out/result` is its result.
struct Recipe: Sendable {
    /// The root file system of the steps.
    let root: ContainerRoot
    /// The context.
    let folder: String

    /// - Parameters:
    ///   - steps: lines of a Dockerfile.
    ///   - base: a container root, unless it is an image's name.
    ///   - parent: exists; the files of this build are written to a new folder in it.
    init(_ steps: String, base: String = "scratch", in parent: String) throws {
        folder = "\(parent)/recipe-\(UInt64.random(in: 0 ... .max))"
        root = try ContainerRoot(
            at: "\(folder)-tools",
            applets: ["cat", "sed", "sh", "sha256sum", "sleep", "timeout", "wget"])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try add(
            "Dockerfile",
            "FROM \(base) AS steps\nCOPY --from=tools / /\nWORKDIR /out\n\(steps)\n"
                + "FROM scratch\nCOPY --from=steps /out/result /\n")
    }

    func add(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// Builds it, and returns the output of BuildKit.
    @discardableResult
    func build(with docker: Program, builder: String, _ flags: [String] = []) async throws -> String {
        let outcome = try await docker.run(arguments(builder, flags))
        guard outcome.succeeded else { throw LabFailure(outcome.errors + outcome.output) }
        return outcome.errors
    }

    /// Builds it, and returns its result.
    func result(with docker: Program, builder: String, _ flags: [String] = []) async throws -> String {
        let target = "\(folder)-out-\(UInt64.random(in: 0 ... .max))"
        try await build(with: docker, builder: builder, flags + ["--output", "type=local,dest=\(target)"])
        return try String(contentsOf: URL(filePath: "\(target)/result"), encoding: .utf8)
    }

    private func arguments(_ builder: String, _ flags: [String]) -> [String] {
        let network = flags.contains("--network") ? [] : ["--network", "none"]
        return ["buildx", "build", "--builder", builder, "--progress", "plain"] + network + flags + [
            "--build-context", "tools=\(root.path)", folder,
        ]
    }
}
