import FoundationEssentials

/// Keeps the client certificate of a Secret as files, for buildx reads nothing else.
struct ClientSaver {
    /// Where each key of the Secret goes.
    private static let files = ["ca.crt": "ca.pem", "client.crt": "cert.pem", "client.key": "key.pem"]

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func save(_ secret: SecretName, into folder: String) async throws {
        let get = secret.kubectl("get", "secret", secret.name, "--output", "json")
        let data = try JSONValue(kubectl: await workshop.ask(get))["data"]
        let target = "\(folder)/client"
        try PrivateFile.makeFolder(target)
        for (key, file) in Self.files.sorted(by: { $0.value < $1.value }) {
            guard let bytes = data?[key]?.string.flatMap({ Data(base64Encoded: $0) }), !bytes.isEmpty else {
                throw Failure(
                    "The Secret \(secret.name) holds no \(key)",
                    hint: "See which keys it has: \(secret.kubectl("describe", "secret", secret.name))")
            }
            try PrivateFile.write(bytes, to: "\(target)/\(file)")
            await workshop.say("\(target)/\(file)")
        }
    }
}
