import FoundationEssentials

@_spi(FixedExpiryValidationTime) import X509

/// Authorities that somebody trusts, and what they make of a certificate.
///
/// X509's verifier has the last word; since it says little about why, the usual reasons are looked for first.
struct ChainVerifier {
    enum VerificationFailure {
        case notSigned
        case expired(Certificate)
        case notYetValid(Certificate)
        case wrongPurpose
        /// The verifier's own words.
        case other(String)
    }

    let anchors: [Certificate]

    /// What speaks against a certificate that is used for this purpose; nil if nothing does.
    func doubt(
        about leaf: Certificate, with intermediates: [Certificate] = [], for usage: ExtendedKeyUsage.Usage,
        now: Date
    ) async -> VerificationFailure? {
        guard let path = path(from: leaf, through: intermediates) else { return .notSigned }
        if let certificate = path.first(where: { now > $0.notValidAfter }) { return .expired(certificate) }
        if let certificate = path.first(where: { now < $0.notValidBefore }) {
            return .notYetValid(certificate)
        }
        guard leaf.isGood(for: usage) else { return .wrongPurpose }
        return await verifiersDoubt(about: leaf, with: intermediates, now: now)
    }

    /// The certificates from the leaf up to an anchor, each signed by the next.
    private func path(from leaf: Certificate, through intermediates: [Certificate]) -> [Certificate]? {
        var path = [leaf]
        while let last = path.last {
            if anchors.contains(last) { return path }
            let isSigner: (Certificate) -> Bool = { signer in
                signer.subject == last.issuer && signer.publicKey.isValidSignature(last.signature, for: last)
            }
            let next =
                anchors.first(where: isSigner) ?? intermediates.first { isSigner($0) && !path.contains($0) }
            guard let next else { return nil }
            path.append(next)
        }
        return nil
    }

    private func verifiersDoubt(about leaf: Certificate, with intermediates: [Certificate], now: Date) async
        -> VerificationFailure?
    {
        var verifier = Verifier(rootCertificates: CertificateStore(anchors)) {
            RFC5280Policy(fixedExpiryValidationTime: now)
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(intermediates))
        guard case .couldNotValidate(let failures) = result else { return nil }
        let reasons = failures.map(\.policyFailureReason.description)
        // It gives no reason at all where a signer may not sign.
        return .other(reasons.isEmpty ? "its signer is not an authority" : reasons.joined(separator: "; "))
    }
}
