import FoundationEssentials
import LabSupport

/// Another machine, to which a client's bundle was handed over: it has docker, and nothing of the cluster.
struct Receiver: Sendable {
    let laptop: Laptop
    /// Where the bundle lies.
    let folder: String
    /// What its `create-builder.sh` registers.
    static let builder = "remote-kubernetes"
    private let root: String

    /// Unpacks a bundle on a new machine and runs its script.
    /// - Parameter folder: to be made.
    init(of archive: String, client: String, in folder: String) async throws {
        root = folder
        laptop = try Laptop(in: "\(folder)/machine", tools: [.docker])
        // People have folders with such names, and buildx reads its options as a list with commas.
        let place = "\(folder)/it's here, with a comma"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try await Program("tar").require("-C", place, "-xf", archive)
        self.folder = "\(place)/\(client)"
        // As on any machine, the system's own programs are there, too.
        var environment = laptop.docker.environment
        environment["PATH"] = ((environment["PATH"] ?? nil).map { "\($0):" } ?? "") + "/usr/bin:/bin"
        try await Program("/bin/sh", environment: environment).require("\(self.folder)/create-builder.sh")
    }

    /// Builds something that takes so many seconds.
    func build(lasting seconds: Int = 0) async throws -> String {
        try await SampleBuild(in: root).run(
            with: laptop.docker, builder: Self.builder, lasting: seconds)
    }
}
