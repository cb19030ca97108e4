import MutualTLS

/// The clients that are known on this machine and in the cluster.
struct ClientDirectory {
    private let facts: Facts
    /// Every client certificate that is known here, the oldest first.
    let certificates: [CertificateSummary]
    let revocations: RevocationState
    /// The roles of the clients; nil where unknown.
    let list: ClientRoles?

    init(_ facts: Facts) {
        self.facts = facts
        certificates = facts.issued.value ?? []
        revocations = facts.revocations
        list = facts.release.value.map { $0.map { ClientRoles(values: $0.values) } ?? ClientRoles() }
    }

    /// The revoked serials that are known here or in the cluster.
    var revoked: Set<String> { revocations.serials }

    /// Whether the proxy is configured to check the revocation list; assumed where unknown.
    var proxyLooksAtRevocations: Bool {
        guard let values = (facts.release.value ?? nil)?.values else { return true }
        return values["proxy"]?["certificates"]?["revocations"]?.bool == true
    }

    /// The client whose files buildx on this machine reads.
    var own: CertificateSummary? {
        (facts.folder.value ?? nil)?.certificates.first { $0.role == .client }
    }

    /// The serials of a client that are not revoked, including certificates that other machines signed.
    func serials(of name: String) -> [String] {
        let here = certificates(of: name).map(\.serial)
        let elsewhere = facts.secrets.value?.outer?.clients?.serials(of: name) ?? []
        return here + elsewhere.filter { !here.contains($0) && !revoked.contains($0) }
    }

    /// The names of the clients that any machine has registered in the cluster.
    var registered: [String] { facts.secrets.value?.outer?.clients?.issued.map(\.name) ?? [] }

    /// The serial of a client's certificate that any machine has registered in the cluster: of several the one that
    /// expires last.
    func registeredSerial(of name: String) -> String? {
        (facts.secrets.value?.outer?.clients?.issued ?? []).filter { $0.name == name }
            .max { $0.notAfter < $1.notAfter }?.serial
    }

    /// Whether any machine has signed a certificate for a client of that name.
    func knows(_ name: String) -> Bool { revocations.knows(name) }

    /// Whether another machine has signed a certificate for a client by that CA that is not revoked.
    func isRegistered(_ name: String, by authority: CertificateSummary) -> Bool {
        (facts.secrets.value?.outer?.clients?.issued ?? []).contains {
            $0.name == name && !revoked.contains($0.serial)
                && ($0.signer == nil || $0.signer == authority.keyIdentifier)
        }
    }

    /// Whether a certificate on this machine is not yet registered in the cluster.
    func isUnregistered(_ name: String) -> Bool {
        guard let clients = facts.secrets.value?.outer?.clients, let present = present(name) else {
            return false
        }
        return !clients.contains(serial: present.serial)
    }

    /// The certificates of a client that are not revoked.
    func certificates(of name: String) -> [CertificateSummary] {
        certificates.filter { $0.clientName == name && !revoked.contains($0.serial) }
    }

    /// The clients with a certificate that is not revoked, in order of issue.
    var names: [String] {
        var names: [String] = []
        for certificate in certificates where !revoked.contains(certificate.serial) {
            if let name = certificate.identityName, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The certificate of a client on this machine, in any state.
    func present(_ name: String) -> CertificateSummary? {
        if let own, own.clientName == name { return own }
        return facts.clients.value?[name]?.certificates.first { $0.role == .client }
    }

    /// The usable certificate of a client on this machine: complete, valid now, and not revoked.
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
    /// The list with an additional client; nil where it does not change.
    ///
    /// Without a list every client has full access. The first role creates a list of all known clients with their
    /// current rights, so that none loses access.
    func list(adding name: String, role: ClientRole?) -> ClientRoles? {
        guard let list, role != nil || !list.isEmpty else { return nil }
        var new = list
        if list.isEmpty { for known in names { new[known] = .admin } }
        new[name] = role ?? list[name] ?? .builder
        return new == list ? nil : new
    }

    /// The list without a client; nil where it does not change.
    func list(removing name: String) -> ClientRoles? {
        guard var list, list[name] != nil else { return nil }
        list[name] = nil
        return list
    }
}
