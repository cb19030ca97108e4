import FoundationEssentials
import MutualTLS

/// Keeps the client certificate of a Secret as files, for buildx reads nothing else.
struct ClientExporter {
    private static let files = ["ca.pem", "cert.pem", "key.pem"]

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func save(_ secret: SecretName, into folder: String) async throws {
        let get = secret.kubectl("get", "secret", secret.name, "--output", "json")
        let data = try JSONValue(kubectl: await context.ask(get))["data"]
        func text(_ key: String) throws -> String {
            guard let bytes = data?[key]?.string.flatMap({ Data(base64Encoded: $0) }), !bytes.isEmpty else {
                throw InstallerError(
                    "The Secret \(secret.name) holds no \(key)",
                    hint: "See which keys it has: \(secret.kubectl("describe", "secret", secret.name))")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        // A certificate beside another one's key would be refused; all three change in one instant.
        try CertificateFolder(path: folder).keepClient(
            authority: text("ca.crt"), certificate: text("client.crt"), key: SecretText(text("client.key")))
        for file in Self.files { await context.say("\(folder)/client/\(file)") }
    }
}

/// Keeps the proxy's certificates of a Secret as files.
struct ServerExporter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func save(_ secret: SecretName, into folder: String) async throws {
        let get = secret.kubectl("get", "secret", secret.name, "--output", "json")
        let data = try JSONValue(kubectl: await context.ask(get))["data"]
        func text(_ key: String) -> String? {
            data?[key]?.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
        }
        guard let authority = text("ca.pem"), let certificate = text("server.pem"),
            let key = text("server-key.pem")
        else {
            throw InstallerError(
                "The Secret \(secret.name) does not hold ca.pem, server.pem and server-key.pem",
                hint: "See which keys it has: \(secret.kubectl("describe", "secret", secret.name))")
        }
        try CertificateFolder(path: folder).keepServer(
            authority: authority, certificate: certificate, key: SecretText(key), revocations: text("crl.pem")
        )
        await context.say("\(folder)/daemon")
    }
}

/// Writes all that a client needs: its certificate and key, whom to believe, and a script that registers the builder.
struct ClientBundleWriter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func write(_ bundle: ClientBundle) async throws {
        let target = try await DialTarget(of: bundle.registration, in: context)
        let script = ClientBundleScript(bundle, at: target.endpoint, servername: target.servername).text
        var files = ["create-builder.sh": Data(script.utf8)]
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            files[name] = try Data(ofFile: "\(bundle.registration.folder)/\(name)")
        }
        if bundle.path.hasSuffix(".tar") {
            try PrivateFile.write(
                TarArchive(folder: bundle.client, files: files, at: context.dependencies.now()).bytes,
                to: bundle.path)
        } else {
            try PrivateFile.makeFolder(bundle.path)
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                try PrivateFile.write(bytes, to: "\(bundle.path)/\(name)")
            }
        }
        await context.say("\(bundle.path): sh create-builder.sh registers \(bundle.registration.builder)")
    }
}
