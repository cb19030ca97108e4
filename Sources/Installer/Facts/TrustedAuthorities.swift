import MutualTLS

/// The CAs that the proxy trusts, beside those that it would trust with the files of the certificate directory.
///
/// The two differ where another installation with this directory, or another machine, has introduced or dropped a CA.
struct TrustedAuthorities: Equatable, Sendable {
    /// Those in the Secret; empty where there is none.
    let inSecret: [CertificateSummary]
    /// Those in the directory; empty where it has no certificates yet.
    let inDirectory: [CertificateSummary]
    /// The CA that signs here. A CA that is introduced comes with an install to the other installations.
    let signer: CertificateSummary?
    /// The CAs of which a rotation of the directory has a record: the previous one, and one that is not in use yet.
    var rotated: [CertificateSummary] = []

    /// What the proxy trusts after an install; empty where the install creates a CA.
    var installed: [CertificateSummary] { inDirectory.isEmpty ? [signer].compactMap(\.self) : inDirectory }

    /// The CAs that would be trusted again with the files in the directory.
    var readmitted: [CertificateSummary] { readmitted(by: inDirectory) }

    /// Of these CAs, those that were dropped: the proxy does not trust them, and they do not sign. Without a Secret nothing was
    /// dropped.
    func readmitted(by authorities: [CertificateSummary]) -> [CertificateSummary] {
        inSecret.isEmpty ? [] : authorities.filter { !inSecret.contains($0) && $0 != signer }
    }

    /// The CAs that only the proxy trusts still: they have been dropped from the directory.
    var droppedFromDirectory: [CertificateSummary] {
        inDirectory.isEmpty ? [] : inSecret.filter { !inDirectory.contains($0) && $0 != signer }
    }

    /// The CAs that only the proxy knows: none of them signs here, and no rotation of the directory has a record of it.
    var unrecorded: [CertificateSummary] { inSecret.filter { $0 != signer && !rotated.contains($0) } }

    /// The CAs that the proxy no longer trusts after an install.
    var dropped: [CertificateSummary] { inSecret.filter { !installed.contains($0) } }

    /// Of these, those that no rotation of the directory has dropped: another machine has introduced them, for example. Without
    /// certificates in the directory, nothing shows that the previous CA was dropped.
    var lost: [CertificateSummary] {
        inDirectory.isEmpty ? dropped : dropped.filter { !rotated.contains($0) }
    }
}

extension Facts {
    var trustedAuthorities: TrustedAuthorities {
        let kept = authorities.value
        return TrustedAuthorities(
            inSecret: trusted, inDirectory: kept?.offered ?? [], signer: kept?.current?.certificate,
            rotated: [kept?.former, kept?.waiting].compactMap { $0?.certificate })
    }

    /// The CAs that other installations with this directory have dropped from it, and this one has not. Its Secret written to
    /// the directory would bring them back there.
    var authoritiesDroppedByOthers: [CertificateSummary] {
        clientFolders.certainly { !$0.sharers.isEmpty } ? trustedAuthorities.droppedFromDirectory : []
    }

    /// Whether the server certificate in the Secret has another CA than those in it, as certificates that the user provides may
    /// have: only the clients have that CA.
    ///
    /// One that the directory has a record of was trusted once; an earlier version signed with it.
    var serverHasOwnAuthority: Bool {
        guard let secrets = secrets.value, let outer = secrets.outer,
            secrets.findings.contains(where: {
                $0.kind == .notSigned && $0.file == "\(CertificateLayout.secretNames.outer)/server.pem"
            })
        else { return false }
        let kept = [authorities.value?.current, authorities.value?.former].compactMap { $0?.certificate }
        let isKnown = serverCertificate.map { kept.contains(where: $0.isSigned) } ?? false
        return !(outer.isOurs && isKnown)
    }

    /// Whether the trusted CAs have changed since a renewal was prepared: it would bring back one that was dropped, or drop one
    /// that another machine has introduced.
    func isOutdated(_ renewal: Renewal) -> Bool {
        guard !trusted.isEmpty else { return false }
        let introduced = authorities.value?.waiting?.certificate
        let wanted = renewal.inspection.certificates.filter { $0.role == .authority && $0 != introduced }
        return switch renewal.order.change {
        case .leaves, .introduce: Set(wanted) != Set(trusted.filter { $0 != introduced })
        case .retire:
            !trustedAuthorities.readmitted(by: wanted).isEmpty || !trustedAuthorities.unrecorded.isEmpty
        case .replace, .inner: false
        }
    }
}

extension [CertificateSummary] {
    /// "the CA 71ff620a", "the CAs 71ff620a and 4be3a6f8"
    var asAuthorities: String { "the CA\(count == 1 ? "" : "s") \(map(\.shortSerial).inWords)" }

    /// "71ff620a, 4be3a6f8"
    var shortSerials: String { map(\.shortSerial).joined(separator: ", ") }

    /// What it costs to drop these CAs: "clients that only have certificates of it lose access"
    var lossOfAccess: String {
        "clients that only have certificates of \(count == 1 ? "it" : "them") lose access"
    }
}
