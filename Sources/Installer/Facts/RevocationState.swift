import MutualTLS

/// All known revocations, on this machine and in the cluster, judged together.
struct RevocationState: Equatable, Sendable {
    /// The serials on the lists and in the records of this machine.
    let here: Set<String>
    /// The serials on the lists in the Secret.
    let inCluster: Set<String>
    /// Revocations by a CA that the proxy trusts, which the lists in the Secret lack: they have no effect yet.
    let pending: Set<String>
    /// Whether the lists here and in the Secret must be merged.
    let needsMerge: Bool
    /// The serials of each client, from all machines.
    private let certificates: [String: [String]]
    /// The client of each serial.
    private let owners: [String: String]

    init(issued: [CertificateSummary], authorities: Facts.Authorities?, secret: Facts.SecretState?) {
        let kept = [authorities?.current, authorities?.former].compactMap(\.self)
        let records = authorities?.revocations ?? []
        let recorded = records.flatMap(\.certificates)
        here = Set(kept.flatMap(\.revoked) + recorded.map(\.serial))
        let inCluster = Set(secret?.revoked ?? [])
        // Only the lists of CAs that the proxy trusts matter to it, and only the lists of CAs that are stored here can
        // be updated.
        let trusted = kept.filter { secret?.certificates.contains($0.certificate) ?? false }
        let signers = Set(trusted.map(\.certificate.keyIdentifier))
        let onLists = Set(trusted.flatMap(\.revoked))
        let ofTrusted = recorded.filter { $0.signer.map(signers.contains) ?? true }.map(\.serial)
        let pending: Set<String> =
            trusted.isEmpty ? [] : onLists.union(ofTrusted).subtracting(inCluster)
        let differs =
            secret?.digests["crl.pem"] == nil || !pending.isEmpty || !onLists.isSuperset(of: inCluster)
        (self.inCluster, self.pending) = (inCluster, pending)
        needsMerge = differs && !trusted.isEmpty

        var certificates: [String: [String]] = [:]
        var owners: [String: String] = [:]
        for record in records where !record.name.isEmpty {
            for certificate in record.certificates { owners[certificate.serial] = record.name }
        }
        for entry in secret?.clients?.issued ?? [] {
            certificates[entry.name, default: []].append(entry.serial)
            owners[entry.serial] = entry.name
        }
        for certificate in issued {
            certificates[certificate.clientName, default: []].append(certificate.serial)
            owners[certificate.serial] = certificate.clientName
        }
        (self.certificates, self.owners) = (certificates, owners)
    }

    /// All revoked serials, from any source.
    var serials: Set<String> { here.union(inCluster) }

    /// Whether any machine is known to have signed a certificate for the client.
    func knows(_ client: String) -> Bool { certificates[client] != nil }

    /// The serials of a client, from all machines, revoked or not.
    func serials(of client: String) -> [String] { certificates[client] ?? [] }

    /// Whether every certificate of the client is revoked, those of other machines included.
    func isRevoked(_ client: String) -> Bool {
        let known = serials(of: client)
        return !known.isEmpty && known.allSatisfy(isListed)
    }

    private func isListed(_ serial: String) -> Bool { here.contains(serial) || inCluster.contains(serial) }

    func status(of serial: String) -> RevocationStatus {
        if pending.contains(serial) { return .pending }
        return isListed(serial) ? .revoked : .notRevoked
    }

    /// Pending where the proxy still accepts one of its certificates.
    func status(ofClient client: String) -> RevocationStatus {
        guard isRevoked(client) else { return .notRevoked }
        return certificates[client]?.contains(where: pending.contains) == true ? .pending : .revoked
    }

    /// The clients of the pending revocations, as far as they are known.
    var pendingClients: [String] { Set(pending.compactMap { owners[$0] }).sorted() }

    /// The pending revocations as a sentence; nil where there is none. A certificate of an unknown client is named by
    /// its serial.
    var pendingSentence: String? {
        guard !pending.isEmpty else { return nil }
        let others = pending.filter { owners[$0] == nil }.sorted().map { "serial \($0)" }
        return
            "Revocations of \((pendingClients + others).inShort) are not in effect in the cluster: the list in the "
            + "Secret \(CertificateLayout.secretNames.outer) lacks them."
    }
}

/// Whether a certificate is revoked, and whether that has an effect.
public enum RevocationStatus: Equatable, Sendable {
    case notRevoked
    /// The lists on this machine contain it, and those in the cluster do not: the proxy still accepts it.
    case pending
    case revoked

    /// "revoked"; nil where it is not.
    public var word: String? {
        switch self {
        case .notRevoked: nil
        case .pending: "revoked locally, not yet in the cluster"
        case .revoked: "revoked"
        }
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
