import SwiftASN1
import X509

// MARK: Who may have signed

extension TLSLibrary {
    /// Whether it considers a certificate as the signer of another, before it looks at the signature.
    func takes(_ signer: Certificate, forSignerOf certificate: Certificate) -> Bool {
        guard signer.subject == certificate.issuer else { return false }
        guard self == .boringSSL, let named = certificate.signerIdentifier,
            let own = signer.ownIdentifier
        else { return true }
        return named == own
    }
}

// MARK: What a certificate is for

extension TLSLibrary {
    /// Why the chain may not be used for this purpose.
    func purposeRefusal(of path: [Certificate], for usage: ExtendedKeyUsage.Usage) -> Refusal? {
        // Envoy does not look at what the anchor itself is for.
        let limited = self == .go || path.count == 1 ? path[...] : path.dropLast()
        for certificate in limited {
            guard let purposes = certificate.purposes, !purposes.contains(usage) else { continue }
            if purposes.contains(.any) {
                guard self == .boringSSL else { continue }
                return Refusal(
                    reason: "“\(certificate.subject)” is for any purpose (anyExtendedKeyUsage), which "
                        + "\(user) does not take for \(usage.word)",
                    hint: "Have it issued with extendedKeyUsage=\(usage.word).")
            }
            return Refusal(
                reason: "“\(certificate.subject)” is not for \(usage.word)",
                hint: "Have it issued with extendedKeyUsage=\(usage.word).")
        }
        guard self == .boringSSL, let leaf = path.first, !leaf.isForTLS(as: usage) else { return nil }
        return Refusal(
            reason: "the key usage of “\(leaf.subject)” lacks digitalSignature",
            hint: "Have it issued with keyUsage=digitalSignature.")
    }
}

extension ExtendedKeyUsage.Usage {
    /// As openssl and Go spell it.
    var word: String { self == .serverAuth ? "serverAuth" : self == .clientAuth ? "clientAuth" : "\(self)" }
}

// MARK: All else

extension TLSLibrary {
    /// Why it refuses a chain from the leaf up to an anchor, whatever the chain is for.
    func refusal(of path: [Certificate]) -> Refusal? {
        criticalExtension(of: path) ?? weakSignature(of: path) ?? missingAuthority(of: path)
            ?? excessiveLength(of: path) ?? unfitName(of: path)
    }

    private func criticalExtension(of path: [Certificate]) -> Refusal? {
        let judged = self == .go || path.count == 1 ? path[...] : path.dropLast()
        for certificate in judged {
            for part in certificate.extensions where part.critical && !knows(part, of: certificate) {
                return Refusal(
                    reason: "“\(certificate.subject)” has the critical extension \(part.oid), which "
                        + "\(user) does not know",
                    hint: "Have it issued without that extension, or with the extension not critical.")
            }
        }
        return nil
    }

    /// Below 2.5.29: key usage, names, basic and name constraints, policies, their mappings and constraints,
    /// extended key usage, and inhibitAnyPolicy. Go knows the distribution points of revocation lists as well.
    private func knows(_ part: Certificate.Extension, of certificate: Certificate) -> Bool {
        switch part.oid {
        case .X509ExtensionID.subjectAlternativeName:
            // Go handles the names that it can compare, and without one of them the extension counts as unknown.
            self == .boringSSL || certificate.alternativeNames.contains(where: \.isComparable)
        case .X509ExtensionID.nameConstraints:
            self == .boringSSL || certificate.nameLimits?.areComparable ?? false
        case [2, 5, 29, 31]: self == .go
        default:
            [15, 19, 32, 33, 36, 37, 54].contains { part.oid == ASN1ObjectIdentifier(inCE: $0) }
        }
    }

    private func weakSignature(of path: [Certificate]) -> Refusal? {
        // Neither library verifies an anchor's own signature.
        guard self == .go,
            let weak = path.dropLast().first(where: { $0.signatureAlgorithm == .sha1WithRSAEncryption })
        else { return nil }
        return Refusal(
            reason: "“\(weak.subject)” is signed with SHA-1, which \(user) does not take",
            hint: "Have it issued with SHA-256.")
    }

    private func missingAuthority(of path: [Certificate]) -> Refusal? {
        for (index, signer) in path.enumerated().dropFirst() where !signer.maySignCertificates {
            // Certificates of version 1 have no extensions that could say so: an anchor is trusted as it is.
            if signer.version == .v1, index == path.count - 1 { continue }
            return Refusal(
                reason: "its signer, “\(signer.subject)”, is not an authority",
                hint: "Have the signer's certificate issued with basicConstraints=critical,CA:TRUE.")
        }
        return nil
    }

    private func excessiveLength(of path: [Certificate]) -> Refusal? {
        let judged = self == .go ? path[...] : path.dropLast()
        for (index, signer) in judged.enumerated().dropFirst() {
            guard case .isCertificateAuthority(let limit?)? = signer.basicConstraints else { continue }
            let between = path[1..<index].filter { self == .go || $0.subject != $0.issuer }
            guard between.count > limit else { continue }
            return Refusal(
                reason: "“\(signer.subject)” allows \(limit) authorities below it, and there "
                    + (between.count == 1 ? "is 1" : "are \(between.count)"),
                hint: "Have the certificate signed by “\(signer.subject)” itself.")
        }
        return nil
    }

    private func unfitName(of path: [Certificate]) -> Refusal? {
        var isLimited = false
        for (index, signer) in path.enumerated().dropFirst() {
            guard let limits = signer.nameLimits else { continue }
            isLimited = true
            for certificate in path[..<index] {
                // What an authority signed for itself is not limited, but for the leaf.
                if certificate != path.first, certificate.subject == certificate.issuer { continue }
                guard let name = limits.forbiddenName(in: certificate, by: self) else { continue }
                return Refusal(
                    reason: "the authority “\(signer.subject)” may not sign for \(name.words)",
                    hint:
                        "Have it issued with a name that the authority may sign for, or by another authority."
                )
            }
        }
        guard self == .boringSSL, isLimited, let leaf = path.first,
            leaf.extensions[oid: .X509ExtensionID.subjectAlternativeName] == nil,
            let name = leaf.commonNames.first(where: \.looksLikeHost)
        else { return nil }
        return Refusal(
            reason: "the authority may sign for certain names only, and where a certificate has no "
                + "subjectAltName \(user) takes its common name, “\(name)”, for a host's and refuses it",
            hint: "Have it issued with a name: subjectAltName=URI:spiffe://buildkit/client/\(name)")
    }
}

extension ASN1ObjectIdentifier {
    /// One of the extensions of X.509 itself (2.5.29.…).
    fileprivate init(inCE number: UInt) { self = [2, 5, 29, number] }
}

extension Certificate {
    /// The key identifier that stands in the certificate; nil where there is none.
    fileprivate var ownIdentifier: ArraySlice<UInt8>? {
        // An undecodable one identifies nothing.
        (try? extensions.subjectKeyIdentifier)?.keyIdentifier
    }

    /// Whether its key usage lets it shake hands, as BoringSSL sees it; absent means unrestricted.
    fileprivate func isForTLS(as usage: ExtendedKeyUsage.Usage) -> Bool {
        guard extensions[oid: .X509ExtensionID.keyUsage] != nil else { return true }
        // An undecodable one allows nothing.
        guard let allowed = try? extensions.keyUsage else { return false }
        return allowed.digitalSignature || allowed.keyAgreement
            || (usage == .serverAuth && allowed.keyEncipherment)
    }
}
