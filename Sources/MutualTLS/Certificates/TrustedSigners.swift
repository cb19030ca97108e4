import X509

/// The CAs by which one end of a connection verifies the certificate of the other one.
///
/// Only names and signatures count here: the inspection reports dates, names and purposes.
public struct TrustedSigners {
    private let authorities: [Certificate]

    /// - Parameter pem: the certificates of the CAs.
    public init(pem: String) throws(CredentialsError) {
        authorities = try PEM(pem).certificates(called: "ca.pem")
    }

    /// - Parameters:
    ///   - pem: a certificate, followed by its intermediates.
    ///   - name: its name in the error.
    /// - Throws: where none of the CAs has signed it, or one of its intermediates.
    public func check(_ pem: String, called name: String) throws(CredentialsError) {
        guard try !accepts(pem, called: name) else { return }
        throw CredentialsError(
            .certificate,
            "\(name) is not signed by a CA that is trusted with it (ca.pem), so no connection would succeed.",
            hint:
                "Copy the authority/ directory from the machine that has the key of a trusted CA, then run: buildkit-installer "
                + "rotate. Or create a new CA: buildkit-installer rotate --renew authority")
    }

    /// Whether one of the CAs has signed it, or one of its intermediates.
    func accepts(_ pem: String, called name: String) throws(CredentialsError) -> Bool {
        let chain = try PEM(pem).certificates(called: name)
        var (open, rest) = (Array(chain.prefix(1)), Array(chain.dropFirst()))
        while let certificate = open.popLast() {
            if authorities.contains(where: { $0 == certificate || $0.hasSigned(certificate) }) { return true }
            open += rest.filter { $0.hasSigned(certificate) }
            rest.removeAll { $0.hasSigned(certificate) }
        }
        return false
    }
}

extension Certificate {
    /// Every library demands that the names match, too.
    fileprivate func hasSigned(_ other: Certificate) -> Bool {
        subject == other.issuer && other.isSigned(by: self)
    }
}
