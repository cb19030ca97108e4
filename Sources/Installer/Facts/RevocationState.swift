import MutualTLS

/// All known revocations, on this machine and in the cluster, judged together.
struct RevocationState: Equatable, Sendable {
    /// The serials on the lists and in the records of this machine.
    let here: Set<String>
    /// The serials on the lists in the Secret.
    let inCluster: Set<String>
    /// Whether the lists here and in the Secret must be merged.
    let needsMerge: Bool
    private let clients: RevokedClients
    private let register: ClientRegistry?

    init(issued: [CertificateSummary], authorities: Facts.Authorities?, secret: Facts.SecretState?) {
        let kept = [authorities?.current, authorities?.former].compactMap(\.self)
        let records = (authorities?.revocations ?? []).flatMap(\.certificates)
        here = Set(kept.flatMap(\.revoked) + records.map(\.serial))
        inCluster = Set(secret?.revoked ?? [])
        clients = RevokedClients(issued: issued, serials: here.union(inCluster))
        register = secret?.clients
        needsMerge = Self.needsMerge(kept, records, secret)
    }

    /// All revoked serials, from any source.
    var serials: Set<String> { here.union(inCluster) }

    /// Whether every certificate of the client is revoked.
    func isRevoked(_ client: String) -> Bool {
        clients.contains(client) && (register?.serials(of: client) ?? []).allSatisfy(serials.contains)
    }

    /// Only the lists of CAs that the proxy trusts matter to it, and only the lists of CAs that are stored here can
    /// be updated.
    private static func needsMerge(
        _ kept: [AuthorityStatus], _ records: [RevokedCertificate], _ secret: Facts.SecretState?
    ) -> Bool {
        guard let secret, !kept.isEmpty else { return false }
        let trusted = kept.filter { secret.certificates.contains($0.certificate) }
        guard !trusted.isEmpty else { return false }
        let signers = Set(trusted.map(\.certificate.keyIdentifier))
        let recorded = records.filter { $0.signer.map(signers.contains) ?? true }.map(\.serial)
        let onLists = Set(trusted.flatMap(\.revoked))
        let inCluster = Set(secret.revoked)
        return secret.digests["crl.pem"] == nil || !inCluster.isSuperset(of: onLists.union(recorded))
            || !onLists.isSuperset(of: inCluster)
    }
}

extension Facts {
    /// The CAs that the proxy trusts and whose lists cannot be signed on this machine.
    var strangeAuthorities: [CertificateSummary] {
        let known = authorities.value
        let own = [known?.current, known?.former, known?.waiting].compactMap { $0?.certificate }
        return trusted.filter { !own.contains($0) }
    }

    var revocations: RevocationState {
        RevocationState(
            issued: issued.value ?? [], authorities: authorities.value, secret: secrets.value?.outer)
    }
}
