import FoundationEssentials

/// Lets `docker buildx bake` make certificates, and puts them into their folder only once they are all there.
struct CertificateBaker {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// The definition writes `daemon/` and `client/` below the folder it runs in.
    func bake(_ command: Command, into folder: String) async throws {
        let oven = Scratch(beside: folder)
        try oven.make()
        defer { oven.remove() }
        var command = command
        command.folder = oven.path
        try await workshop.run(command)
        let files = FileManager.default
        for part in ["daemon", "client"] {
            // mkcert ends well also where it made nothing, as it does without a name.
            guard files.fileExists(atPath: "\(oven.path)/\(part)/cert.pem") else {
                throw Failure(
                    "The bake definition made no \(part)/cert.pem",
                    hint: "Have the certificates issued here: --certificates issue")
            }
            do {
                try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(oven.path)/\(part)")
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.moveItem(atPath: "\(oven.path)/\(part)", toPath: "\(folder)/\(part)")
            } catch {
                throw Failure("\(folder)/\(part) could not be put into place", detail: error.reason)
            }
        }
    }
}
