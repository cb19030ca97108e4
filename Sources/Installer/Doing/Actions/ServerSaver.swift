import FoundationEssentials
import MutualTLS

/// Keeps the proxy's certificates of a Secret as files.
struct ServerSaver {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func save(_ secret: SecretName, into folder: String) async throws {
        let get = secret.kubectl("get", "secret", secret.name, "--output", "json")
        let data = try JSONValue(kubectl: await workshop.ask(get))["data"]
        func text(_ key: String) -> String? {
            data?[key]?.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
        }
        guard let authority = text("ca.pem"), let certificate = text("server.pem"),
            let key = text("server-key.pem")
        else {
            throw Failure(
                "The Secret \(secret.name) does not hold ca.pem, server.pem and server-key.pem",
                hint: "See which keys it has: \(secret.kubectl("describe", "secret", secret.name))")
        }
        try CertificateFolder(path: folder).keepServer(
            authority: authority, certificate: certificate, key: SecretText(key), revocations: text("crl.pem")
        )
        await workshop.say("\(folder)/daemon")
    }
}
