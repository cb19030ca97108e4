import SwiftASN1
import X509

// MARK: Candidate signers

extension TLSLibrary {
    /// Whether the library considers a certificate as the signer of another one, before it verifies the signature.
    func takes(_ signer: Certificate, forSignerOf certificate: Certificate) -> Bool {
        guard signer.subject == certificate.issuer else { return false }
        guard self == .boringSSL, let named = certificate.signerIdentifier,
            let own = signer.ownIdentifier
        else { return true }
        return named == own
    }
}

// MARK: Purposes

extension TLSLibrary {
    /// Why the chain may not be used for this purpose.
    func purposeRefusal(of path: [Certificate], for usage: ExtendedKeyUsage.Usage) -> Refusal? {
        // Envoy does not check the purposes of the anchor.
        let limited = self == .go || path.count == 1 ? path[...] : path.dropLast()
        for certificate in limited {
            guard let purposes = certificate.purposes, !purposes.contains(usage) else { continue }
            if purposes.contains(.any) {
                guard self == .boringSSL else { continue }
                return Refusal(
                    reason: "“\(certificate.subject)” is for any purpose (anyExtendedKeyUsage), which "
                        + "\(user) does not accept for \(usage.word)",
                    hint: "Reissue it with extendedKeyUsage=\(usage.word).")
            }
            return Refusal(
                reason: "“\(certificate.subject)” is not for \(usage.word)",
                hint: "Reissue it with extendedKeyUsage=\(usage.word).")
        }
        guard self == .boringSSL, let leaf = path.first, !leaf.isForTLS(as: usage) else { return nil }
        return Refusal(
            reason: "the key usage of “\(leaf.subject)” lacks digitalSignature",
            hint: "Reissue it with keyUsage=digitalSignature.")
    }
}

extension ExtendedKeyUsage.Usage {
    /// The notation of openssl and Go.
    var word: String { self == .serverAuth ? "serverAuth" : self == .clientAuth ? "clientAuth" : "\(self)" }
}

// MARK: Other rules

extension TLSLibrary {
    /// Why it rejects a chain from the leaf to an anchor, regardless of the purpose.
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
                        + "\(user) does not support",
                    hint: "Reissue it without that extension, or with the extension not critical.")
            }
        }
        return nil
    }

    /// Below 2.5.29: key usage, names, basic and name constraints, policies, their mappings and constraints,
    /// extended key usage, and inhibitAnyPolicy. Go knows the distribution points of revocation lists as well.
    private func knows(_ part: Certificate.Extension, of certificate: Certificate) -> Bool {
        switch part.oid {
        case .X509ExtensionID.subjectAlternativeName:
            // Go handles the names that it can compare; without any such name it treats the extension as unknown.
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
            reason: "“\(weak.subject)” is signed with SHA-1, which \(user) does not accept",
            hint: "Reissue it with SHA-256.")
    }

    private func missingAuthority(of path: [Certificate]) -> Refusal? {
        for (index, signer) in path.enumerated().dropFirst() where !signer.maySignCertificates {
            // Version 1 certificates have no basic constraints: an anchor is trusted without them.
            if signer.version == .v1, index == path.count - 1 { continue }
            return Refusal(
                reason: "its issuer, “\(signer.subject)”, is not a CA",
                hint: "Reissue the issuer's certificate with basicConstraints=critical,CA:TRUE.")
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
                reason: "“\(signer.subject)” allows \(limit) intermediate CAs (pathlen), and there "
                    + (between.count == 1 ? "is 1" : "are \(between.count)"),
                hint: "Sign the certificate with “\(signer.subject)” directly.")
        }
        return nil
    }

    private func unfitName(of path: [Certificate]) -> Refusal? {
        var isLimited = false
        for (index, signer) in path.enumerated().dropFirst() {
            guard let limits = signer.nameLimits else { continue }
            isLimited = true
            for certificate in path[..<index] {
                // Self-issued certificates are not restricted, except the leaf.
                if certificate != path.first, certificate.subject == certificate.issuer { continue }
                guard let name = limits.forbiddenName(in: certificate, by: self) else { continue }
                return Refusal(
                    reason: "the name constraints of the CA “\(signer.subject)” do not permit \(name.words)",
                    hint:
                        "Reissue it with a name that the CA permits, or with another CA."
                )
            }
        }
        guard self == .boringSSL, isLimited, let leaf = path.first,
            leaf.extensions[oid: .X509ExtensionID.subjectAlternativeName] == nil,
            let name = leaf.commonNames.first(where: \.looksLikeHost)
        else { return nil }
        return Refusal(
            reason: "the CA has name constraints, and if a certificate has no "
                + "subjectAltName, \(user) treats its common name “\(name)” as a host name and rejects it",
            hint: "Reissue it with a name: subjectAltName=URI:spiffe://buildkit/client/\(name)")
    }
}

extension ASN1ObjectIdentifier {
    /// One of the extensions of X.509 itself (2.5.29.…).
    fileprivate init(inCE number: UInt) { self = [2, 5, 29, number] }
}

extension Certificate {
    /// The key identifier in the certificate; nil where there is none.
    fileprivate var ownIdentifier: ArraySlice<UInt8>? {
        // An undecodable one is treated as absent.
        (try? extensions.subjectKeyIdentifier)?.keyIdentifier
    }

    /// Whether its key usage permits a TLS handshake, as BoringSSL interprets it; absent means unrestricted.
    fileprivate func isForTLS(as usage: ExtendedKeyUsage.Usage) -> Bool {
        guard extensions[oid: .X509ExtensionID.keyUsage] != nil else { return true }
        // An undecodable one permits nothing.
        guard let allowed = try? extensions.keyUsage else { return false }
        return allowed.digitalSignature || allowed.keyAgreement
            || (usage == .serverAuth && allowed.keyEncipherment)
    }
}
