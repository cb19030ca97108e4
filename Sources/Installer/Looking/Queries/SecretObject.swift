import FoundationEssentials
import MutualTLS

/// A Secret as it was read: in memory only, for as long as it takes to look at it.
struct SecretObject: Sendable {
    let name: String
    let labels: [String: String]
    let data: [String: [UInt8]]
}

extension SecretObject: CustomStringConvertible, CustomReflectable {
    /// The name only: the data holds keys.
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
        data =
            try container.decodeIfPresent([String: Data].self, forKey: .data)?.mapValues { Array($0) } ?? [:]
    }
}

extension SecretObject {
    /// One end of a connection, of the keys of this Secret.
    func side(authority: String, certificate: String, key: String) -> PemSet.Side {
        PemSet.Side(authority: part(authority), certificate: part(certificate), key: part(key))
    }

    private func part(_ key: String) -> PemPart { PemPart(name: "\(name)/\(key)", bytes: data[key]) }

    func state(_ inspection: Inspection) -> Facts.SecretState {
        Facts.SecretState(
            digests: data.mapValues(Digest.sha256), certificates: inspection.certificates,
            isOurs: labels[Labels.managedBy] == Labels.us, revoked: revoked)
    }

    /// A list that cannot be read takes nothing back: Envoy does not take it up either.
    private var revoked: [String] {
        guard let list = data["crl.pem"] else { return [] }
        let lists = try? Revocations.lists(in: String(decoding: list, as: UTF8.self))
        return (lists ?? [:]).values.flatMap { $0.entries.map(\.serial) }.sorted()
    }
}
