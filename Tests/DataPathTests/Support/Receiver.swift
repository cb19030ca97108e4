import FoundationEssentials
import LabSupport

/// Another machine that received a client's bundle: it has docker, and no access to the cluster.
struct Receiver: Sendable {
    let laptop: Laptop
    /// The folder of the bundle.
    let folder: String
    /// The builder that its `create-builder.sh` registers.
    static let builder = "remote-kubernetes"
    private let root: String

    /// Unpacks a bundle on a new machine and runs its script.
    /// - Parameter folder: a folder to create.
    init(of archive: String, client: String, in folder: String) async throws {
        root = folder
        laptop = try Laptop(in: "\(folder)/machine", tools: [.docker])
        // Users have folders with such names, and buildx parses its options as a comma-separated list.
        let place = "\(folder)/it's here, with a comma"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try await Program("tar").require("-C", place, "-xf", archive)
        self.folder = "\(place)/\(client)"
        // As on any machine, the system's own programs are available, too.
        var environment = laptop.docker.environment
        environment["PATH"] = ((environment["PATH"] ?? nil).map { "\($0):" } ?? "") + "/usr/bin:/bin"
        try await Program("/bin/sh", environment: environment).require("\(self.folder)/create-builder.sh")
    }

    /// Runs a build that takes this number of seconds.
    func build(lasting seconds: Int = 0) async throws -> String {
        try await SampleBuild(in: root).run(
            with: laptop.docker, builder: Self.builder, lasting: seconds)
    }

    /// Runs a build that takes this number of seconds, and `body` while its step runs.
    func build(lasting seconds: Int, whileRunning body: () async throws -> Void) async throws -> String {
        try await SampleBuild(in: root).run(
            with: laptop.docker, builder: Self.builder, lasting: seconds, whileRunning: body)
    }
}
