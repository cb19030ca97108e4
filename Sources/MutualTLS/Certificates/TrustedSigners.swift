import X509

/// The CAs by which one end of a connection verifies the certificate of the other one.
///
/// Only signatures count here: the inspection reports dates, names and purposes.
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
        let chain = try PEM(pem).certificates(called: name)
        var (open, rest) = (Array(chain.prefix(1)), Array(chain.dropFirst()))
        while let certificate = open.popLast() {
            if authorities.contains(where: { certificate == $0 || certificate.isSigned(by: $0) }) { return }
            open += rest.filter { certificate.isSigned(by: $0) }
            rest.removeAll { certificate.isSigned(by: $0) }
        }
        throw CredentialsError(
            .certificate,
            "\(name) is not signed by a CA that is trusted with it (ca.pem), so no connection would succeed.",
            hint:
                "Copy the authority/ directory from the machine that has the key of a trusted CA, then run: buildkit-installer "
                + "rotate")
    }
}
