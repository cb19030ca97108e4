import FoundationEssentials
import MutualTLS

/// Writes the client certificate of a Secret to files, because buildx only reads files.
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
                    "The Secret \(secret.name) has no key \(key)",
                    hint: "List its keys: \(secret.kubectl("describe", "secret", secret.name))")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        // A certificate next to another certificate's key would be rejected; all three files are replaced atomically.
        try CertificateFolder(path: folder).keepClient(
            authority: text("ca.crt"), certificate: text("client.crt"), key: SecretText(text("client.key")))
        for file in Self.files { await context.say("\(folder)/client/\(file)") }
    }
}

/// Writes the proxy's certificates of a Secret to files.
struct ServerExporter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func save(_ secret: SecretName, into folder: String) async throws {
        let object = try await object(secret)
        guard let authority = object.file("ca.pem"), let certificate = object.file("server.pem"),
            let key = object.file("server-key.pem")
        else {
            throw InstallerError(
                "The Secret \(secret.name) does not contain ca.pem, server.pem and server-key.pem",
                hint: "List its keys: \(secret.kubectl("describe", "secret", secret.name))")
        }
        try CertificateFolder(path: folder).keepServer(
            authority: authority, certificate: certificate, key: SecretText(key),
            revocations: object.file("crl.pem"))
        await context.say("\(folder)/daemon")
    }

    /// Adds what other machines have revoked to the lists here, which a later install publishes.
    func saveRevocations(_ secret: SecretName, into folder: String) async throws {
        let object = try await object(secret)
        let folder = CertificateFolder(path: folder)
        let register = try object.file(CertificateLayout.clientRegister).map {
            text throws(CredentialsError) in
            try ClientRegistry(json: text)
        }
        try folder.merge(
            register, inForce: object.file("crl.pem"), trusting: "", now: context.dependencies.now())
        await context.say(folder.path(of: .revocations))
    }

    private func object(_ secret: SecretName) async throws -> JSONValue {
        try JSONValue(
            kubectl: await context.ask(secret.kubectl("get", "secret", secret.name, "--output", "json")))
    }
}

/// Writes all files that a client needs: its certificate and key, the CA, and a script that registers the builder.
struct ClientBundleWriter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func write(_ bundle: ClientBundle) async throws {
        let place = BundleTarget(path: bundle.path, outside: bundle.registration.folder)
        if let trouble = place.trouble() { throw trouble }
        let target = try await DialTarget(of: bundle.registration, in: context)
        let script = ClientBundleScript(bundle, at: target.endpoint, servername: target.servername).text
        var files = [ClientBundle.script: Data(script.utf8)]
        for name in ClientBundle.files where files[name] == nil {
            files[name] = try Data(ofFile: "\(bundle.registration.folder)/\(name)")
        }
        if TarArchive.isName(bundle.path) {
            let archive = TarArchive(folder: bundle.client, files: files, at: context.dependencies.now())
            try PrivateFile.write(archive.bytes(for: bundle.path), to: bundle.path)
        } else {
            // An existing bundle is replaced as a whole: a certificate next to another certificate's key would be
            // rejected.
            let folder = FolderTransaction(folder: bundle.path, order: ClientBundle.files)
            try folder.recover()
            try folder.replace(files.mapValues { String(decoding: $0, as: UTF8.self) })
        }
        await context.say(
            "\(bundle.path): sh \(ClientBundle.script) registers \(bundle.registration.builder)")
    }
}
