import FoundationEssentials
import MutualTLS

extension Query<[SecretObject]> {
    /// The Secrets of these names, those that are there.
    static func secrets(_ names: [String], _ site: Site) -> Query {
        let arguments = ["get", "secret"] + names + ["--ignore-not-found", "--output", "json"]
        return Query(site.kubectl.look(arguments)) { result throws(Failure) in
            let sentence = "The Secrets of \(site.namespace) cannot be looked at"
            let list: KubernetesList<SecretObject>? = try result.json(else: sentence)
            return list?.items ?? []
        }
    }
}

extension CertificatePlan {
    /// What may be known of the two Secrets: their digests, and what the certificates in them say.
    func secrets(in world: World) async throws -> Facts.Secrets {
        let query = Query.secrets([outerSecret.name, innerSecret.name], site)
        let objects = try await query.value(from: world.runner)
        let outer = objects.first { $0.name == outerSecret.name }
        let inner = objects.first { $0.name == innerSecret.name }
        let outerInspection = await outer.map { PemSet(envoy: $0) }?.inspect(
            expecting: expectedNames, now: world.now())
        let innerInspection = await inner.map { PemSet(innerHop: $0) }?.inspect(
            isInnerHop: true, now: world.now())
        return Facts.Secrets(
            outer: outer?.state(outerInspection ?? Inspection()),
            inner: inner?.state(innerInspection ?? Inspection()),
            findings: (outerInspection?.findings ?? []) + (innerInspection?.findings ?? []))
    }

    /// The names that the server's certificate must cover: those asked for, or the one that buildx is
    /// told to expect of a certificate that is there already.
    var expectedNames: [SubjectName] {
        switch answers.certificates {
        case .issue, .bake: return answers.names
        case .folder, .secrets:
            return [answers.servername].compactMap { $0 }
        }
    }
}

extension PemSet {
    /// What Envoy serves; its clients' certificates are with the clients.
    fileprivate init(envoy secret: SecretObject) {
        self.init(
            server: secret.side(authority: "ca.pem", certificate: "server.pem", key: "server-key.pem"),
            client: nil)
    }

    fileprivate init(innerHop secret: SecretObject) {
        self.init(
            server: secret.side(authority: "ca.crt", certificate: "server.crt", key: "server.key"),
            client: secret.side(authority: "ca.crt", certificate: "client.crt", key: "client.key"))
    }
}
