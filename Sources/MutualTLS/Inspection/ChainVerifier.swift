import FoundationEssentials
import X509

/// Trusted CAs, and the verdict of a TLS library on a certificate.
struct ChainVerifier {
    enum VerificationFailure {
        /// No known CA signed that certificate: the leaf, or the last of its signers that is known.
        case notSigned(Certificate)
        case expired(Certificate)
        case notYetValid(Certificate)
        case wrongPurpose(Refusal)
        case refused(Refusal)
    }

    let anchors: [Certificate]
    let library: TLSLibrary

    /// The reason to reject a certificate for this purpose; nil where there is none.
    ///
    /// One valid path to an anchor is sufficient, wherever in the chain its signers are.
    func doubt(
        about leaf: Certificate, with intermediates: [Certificate] = [], for usage: ExtendedKeyUsage.Usage,
        now: Date
    ) -> VerificationFailure? {
        let (paths, end) = paths(from: leaf, through: intermediates)
        var first: VerificationFailure?
        for path in paths {
            guard let doubt = doubt(about: path, for: usage, now: now) else { return nil }
            first = first ?? doubt
        }
        return first ?? .notSigned(end)
    }

    private func doubt(
        about path: [Certificate], for usage: ExtendedKeyUsage.Usage, now: Date
    ) -> VerificationFailure? {
        if let certificate = path.first(where: { now > $0.notValidAfter }) { return .expired(certificate) }
        if let certificate = path.first(where: { now < $0.notValidBefore }) {
            return .notYetValid(certificate)
        }
        if let refusal = library.purposeRefusal(of: path, for: usage) { return .wrongPurpose(refusal) }
        return library.refusal(of: path).map(VerificationFailure.refused)
    }

    /// No chain is longer in practice, and cross-signed CAs could form cycles.
    private static let longest = 8

    /// Each path from the leaf to an anchor, each certificate signed by the next, the shortest first; and the last
    /// certificate of the longest path, where no path is complete.
    private func paths(
        from leaf: Certificate, through intermediates: [Certificate]
    ) -> (complete: [[Certificate]], end: Certificate) {
        var complete: [[Certificate]] = []
        var open = [[leaf]]
        var end = leaf
        for _ in 1...Self.longest {
            var longer: [[Certificate]] = []
            for path in open {
                guard let last = path.last else { continue }
                end = last
                if anchors.contains(last) {
                    complete.append(path)
                    continue
                }
                var signers: [Certificate] = []
                for signer in anchors + intermediates
                where !path.contains(signer) && !signers.contains(signer)
                    && library.takes(signer, forSignerOf: last) && last.isSigned(by: signer)
                {
                    signers.append(signer)
                }
                longer += signers.map { path + [$0] }
            }
            open = longer
        }
        return (complete, end)
    }
}

extension ChainVerifier {
    /// Whether a CA has the name of the issuer, but not its key.
    func hasNamesake(of certificate: Certificate) -> Bool {
        anchors.contains { $0.subject == certificate.issuer && $0 != certificate }
    }

    /// The message for a path that does not reach a CA.
    func words(unsigned certificate: Certificate) -> String {
        let whose = "“\(certificate.subject)”"
        if hasNamesake(of: certificate) {
            return "a different “\(certificate.issuer)” signed \(whose), with another key than the CA's"
        }
        if certificate.issuer == certificate.subject {
            return "its chain ends at \(whose), which is not a trusted CA"
        }
        return "the issuer of \(whose) is “\(certificate.issuer)”, whose certificate is missing"
    }
}
