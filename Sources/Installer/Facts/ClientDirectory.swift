import MutualTLS

/// The clients, as far as they are known on this machine and in the cluster.
struct ClientDirectory {
    private let facts: Facts
    /// Every client's certificate that is known here, the oldest first.
    let certificates: [CertificateSummary]
    let revocations: RevocationState
    /// Who may build; nil where it cannot be known.
    let list: ClientRoles?

    init(_ facts: Facts) {
        self.facts = facts
        certificates = facts.issued.value ?? []
        revocations = facts.revocations
        list = facts.release.value.map { $0.map { ClientRoles(values: $0.values) } ?? ClientRoles() }
    }

    /// The serials that were revoked, by what is known here or in the cluster.
    var revoked: Set<String> { revocations.serials }

    /// Whether the proxy was installed so that it looks at the list of revocations; where that cannot be known, it is
    /// assumed.
    var proxyLooksAtRevocations: Bool {
        guard let values = (facts.release.value ?? nil)?.values else { return true }
        return values["proxy"]?["certificates"]?["revocations"]?.bool == true
    }

    /// The client whose files buildx on this machine reads.
    var own: CertificateSummary? {
        (facts.folder.value ?? nil)?.certificates.first { $0.role == .client }
    }

    /// The serials of a client that are not revoked, also of certificates that other machines have signed.
    func serials(of name: String) -> [String] {
        let here = certificates(of: name).map(\.serial)
        let elsewhere = facts.secrets.value?.outer?.clients?.serials(of: name) ?? []
        return here + elsewhere.filter { !here.contains($0) && !revoked.contains($0) }
    }

    /// Whether anybody has ever signed for a client of that name.
    func knows(_ name: String) -> Bool {
        certificates.contains { $0.clientName == name }
            || facts.secrets.value?.outer?.clients?.serials(of: name).isEmpty == false
    }

    /// Whether another machine has signed for a client by that authority, and it is not revoked.
    func isRegistered(_ name: String, by authority: CertificateSummary) -> Bool {
        (facts.secrets.value?.outer?.clients?.issued ?? []).contains {
            $0.name == name && !revoked.contains($0.serial)
                && ($0.signer == nil || $0.signer == authority.keyIdentifier)
        }
    }

    /// Whether the cluster is still to be told of a certificate that lies here.
    func isUnregistered(_ name: String) -> Bool {
        guard let clients = facts.secrets.value?.outer?.clients, let present = present(name) else {
            return false
        }
        return !clients.contains(serial: present.serial)
    }

    /// The certificates of a client that are not taken back.
    func certificates(of name: String) -> [CertificateSummary] {
        certificates.filter { $0.clientName == name && !revoked.contains($0.serial) }
    }

    /// The clients that have a certificate still, in the order in which they came.
    var names: [String] {
        var names: [String] = []
        for certificate in certificates where !revoked.contains(certificate.serial) {
            if let name = certificate.identityName, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The certificate that lies here for a client, whatever its state.
    func present(_ name: String) -> CertificateSummary? {
        if let own, own.clientName == name { return own }
        return facts.clients.value?[name]?.certificates.first { $0.role == .client }
    }

    /// The certificate that lies here for a client and can be used: whole, in its time, and not taken back.
    func usable(_ name: String) -> CertificateSummary? {
        guard let present = present(name), !revoked.contains(present.serial) else { return nil }
        let isOwn = present == own
        let findings =
            isOwn
            ? ((facts.folder.value ?? nil)?.findings ?? []).filter { $0.file.hasPrefix("client/") }
            : facts.clients.value?[name]?.findings ?? []
        return findings.contains { $0.severity == .error } ? nil : present
    }
}

// MARK: - Roles

extension ClientDirectory {
    /// The list with one more client; nil where it stays as it is.
    ///
    /// Without a list everybody may do everything. The first role makes one of all that are known, with the rights that
    /// they had: nobody is locked out by the way.
    func list(adding name: String, role: ClientRole?) -> ClientRoles? {
        guard let list, role != nil || !list.isEmpty else { return nil }
        var new = list
        if list.isEmpty { for known in names { new[known] = .admin } }
        new[name] = role ?? list[name] ?? .builder
        return new == list ? nil : new
    }

    /// The list without a client; nil where it stays as it is.
    func list(removing name: String) -> ClientRoles? {
        guard var list, list[name] != nil else { return nil }
        list[name] = nil
        return list
    }
}
