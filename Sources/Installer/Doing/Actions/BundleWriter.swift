import FoundationEssentials

/// Writes all that a client needs: its certificate and key, whom to believe, and a script that registers the builder.
struct BundleWriter {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func write(_ bundle: Bundle) async throws {
        let target = try await Target(of: bundle.registration, in: workshop)
        let script = BundleScript(bundle, at: target.endpoint, servername: target.servername).text
        var files = ["create-builder.sh": Data(script.utf8)]
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            files[name] = try Data(ofFile: "\(bundle.registration.folder)/\(name)")
        }
        if bundle.path.hasSuffix(".tar") {
            try PrivateFile.write(
                TarArchive(folder: bundle.client, files: files, at: workshop.world.now()).bytes,
                to: bundle.path)
        } else {
            try PrivateFile.makeFolder(bundle.path)
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                try PrivateFile.write(bytes, to: "\(bundle.path)/\(name)")
            }
        }
        await workshop.say("\(bundle.path): sh create-builder.sh registers \(bundle.registration.builder)")
    }
}
