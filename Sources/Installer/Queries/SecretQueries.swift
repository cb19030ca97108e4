import FoundationEssentials
import MutualTLS

extension Query<[SecretObject]> {
    /// The existing Secrets with these names.
    static func secrets(_ names: [String], _ installation: InstallationID) -> Query {
        let arguments = ["get", "secret"] + names + ["--ignore-not-found", "--output", "json"]
        return Query(installation.kubectl.look(arguments)) { result throws(InstallerError) in
            let sentence = "The Secrets in namespace \(installation.namespace) cannot be read"
            let list: KubernetesList<SecretObject>? = try result.json(else: sentence)
            // Where none of the names exists, kubectl prints nothing.
            return list?.items ?? []
        }
    }
}

extension CertificateLayout {
    /// The state of the two Secrets: their digests, and the summaries of the certificates in them.
    func secrets(in dependencies: Dependencies) async throws -> Facts.Secrets {
        let query = Query.secrets([outerSecret.name, innerSecret.name], installation)
        let objects = try await query.value(from: dependencies.runner)
        let outer = objects.first { $0.name == outerSecret.name }
        let inner = objects.first { $0.name == innerSecret.name }
        let outerInspection = await outer.map { PEMSet(envoy: $0) }?.inspect(
            expecting: expectedNames, now: dependencies.now())
        let innerInspection = await inner.map { PEMSet(innerHop: $0) }?.inspect(
            isInnerHop: true, now: dependencies.now())
        return Facts.Secrets(
            outer: outer?.state(outerInspection ?? Inspection()),
            inner: inner?.state(innerInspection ?? Inspection()),
            findings: (outerInspection?.findings ?? []) + (innerInspection?.findings ?? []))
    }

    /// The names that the server certificate must cover: the requested ones, or the name that buildx expects of an
    /// existing certificate.
    var expectedNames: [SubjectName] {
        switch answers.certificates {
        case .issue, .bake: return answers.names
        case .folder, .secrets:
            return [answers.servername].compactMap { $0 }
        }
    }
}

extension InstallationID {
    /// The serials on the revocation lists in its Secrets; empty where it has none.
    func revokedSerials(in dependencies: Dependencies) async throws -> Set<String> {
        let (outer, inner) = CertificateLayout.secretNames
        let secrets = try await Query.secrets([outer, inner], self).value(from: dependencies.runner)
        return Set(secrets.flatMap(\.revoked))
    }
}

extension PEMSet {
    /// The certificates that Envoy serves; its clients' certificates are on the clients.
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

/// A Secret as it was read: in memory only, while it is inspected.
struct SecretObject: Sendable {
    let name: String
    let labels: [String: String]
    let data: [String: [UInt8]]
    var deletion: PendingDeletion?
}

extension SecretObject: CustomStringConvertible, CustomReflectable {
    /// Only the name: the data contains keys.
    var description: String { name }
    var customMirror: Swift.Mirror { Swift.Mirror(self, children: [:]) }
}

extension SecretObject: Decodable {
    private enum CodingKeys: CodingKey { case metadata, data }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let metadata = try container.decode(KubernetesMetadata.self, forKey: .metadata)
        name = metadata.name
        labels = metadata.labels ?? [:]
        deletion = metadata.deletion
        data =
            try container.decodeIfPresent([String: Data].self, forKey: .data)?.mapValues { Array($0) } ?? [:]
    }
}

extension SecretObject {
    /// One end of a connection, from the keys of this Secret.
    func side(authority: String, certificate: String, key: String) -> PEMSet.Side {
        PEMSet.Side(authority: part(authority), certificate: part(certificate), key: part(key))
    }

    private func part(_ key: String) -> PEMItem { PEMItem(name: "\(name)/\(key)", bytes: data[key]) }

    func state(_ inspection: Inspection) -> Facts.SecretState {
        Facts.SecretState(
            digests: data.mapValues(Digest.ofPEM), certificates: inspection.certificates,
            isOurs: labels[KubernetesLabels.managedBy] == KubernetesLabels.us, revoked: revoked,
            clients: data[CertificateLayout.clientRegister].flatMap {
                // An unreadable register stops a step that is about to write it.
                try? ClientRegistry(json: String(decoding: $0, as: UTF8.self))
            }, deletion: deletion)
    }

    /// An unreadable list revokes nothing: Envoy does not load it either.
    fileprivate var revoked: [String] {
        guard let list = data["crl.pem"] else { return [] }
        let lists = try? CertificateRevocationList.lists(in: String(decoding: list, as: UTF8.self))
        return (lists ?? [:]).values.flatMap { $0.entries.map(\.serial) }.sorted()
    }
}
