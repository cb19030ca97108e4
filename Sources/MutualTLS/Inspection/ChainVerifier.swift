import FoundationEssentials
import X509

/// Authorities that somebody trusts, and what that somebody's TLS library makes of a certificate.
struct ChainVerifier {
    enum VerificationFailure {
        /// Nobody at hand signed that certificate: the leaf, or the last of its signers that there is.
        case notSigned(Certificate)
        case expired(Certificate)
        case notYetValid(Certificate)
        case wrongPurpose(Refusal)
        case refused(Refusal)
    }

    let anchors: [Certificate]
    let library: TLSLibrary

    /// What speaks against a certificate that is used for this purpose; nil if nothing does.
    ///
    /// One good way up to an anchor is enough, wherever in the chain its signers stand.
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

    /// No chain is longer in practice, and cross-signed authorities could lead in circles.
    private static let longest = 8

    /// Each way from the leaf up to an anchor, each certificate signed by the next, the shortest first; and the last
    /// certificate on the longest way, where there is none.
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
    /// Whether an authority has the name of the one that signed, but not its key.
    func hasNamesake(of certificate: Certificate) -> Bool {
        anchors.contains { $0.subject == certificate.issuer && $0 != certificate }
    }

    /// Where the way up to an authority ends.
    func words(unsigned certificate: Certificate) -> String {
        let whose = "“\(certificate.subject)”"
        if hasNamesake(of: certificate) {
            return "another “\(certificate.issuer)” signed \(whose), with another key than the authority's"
        }
        if certificate.issuer == certificate.subject {
            return "its chain ends at \(whose), which is not among the authorities"
        }
        return "the issuer of \(whose) is “\(certificate.issuer)”, whose certificate is missing"
    }
}
