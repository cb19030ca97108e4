/// The files of a certificate folder, by their paths in it. Users and their tools rely on these names.
///
/// The order is the order in which files are replaced. Of each pair the key precedes the certificate, and the CA
/// precedes both: a concurrent reader may find a pair that does not match, which every TLS library rejects, but never
/// a certificate that the other side cannot verify yet.
public enum CertificateFile: String, CaseIterable, Sendable, Codable {
    /// The CA and its key, to sign more clients and to renew certificates. Optional.
    case authorityCertificate = "authority/ca.pem"
    case authorityKey = "authority/key.pem"
    /// One list for each trusted CA; the proxy would reject the clients of a CA without a list.
    case revocations = "authority/crl.pem"
    /// The previous CA, while it is still trusted.
    case formerCertificate = "authority/former/ca.pem"
    case formerKey = "authority/former/key.pem"

    /// The hop from the proxy to BuildKit. The key of its CA is not stored.
    case innerAuthority = "inner/ca.pem"
    case innerServerKey = "inner/server-key.pem"
    case innerServerCertificate = "inner/server-cert.pem"
    case innerClientKey = "inner/client-key.pem"
    case innerClientCertificate = "inner/client-cert.pem"

    /// The proxy's certificates; `ca.pem` contains the CAs that it trusts for clients.
    case serverAuthority = "daemon/ca.pem"
    case serverKey = "daemon/key.pem"
    case serverCertificate = "daemon/cert.pem"

    /// The certificates of buildx; `ca.pem` contains the CAs that it trusts for the proxy.
    case clientAuthority = "client/ca.pem"
    case clientKey = "client/key.pem"
    case clientCertificate = "client/cert.pem"

    /// The pairs of the outer hop, and their CAs.
    public static let outer: [Self] = allCases.filter { $0.isIn("daemon") || $0.isIn("client") }
    public static let client: [Self] = allCases.filter { $0.isIn("client") }
    public static let inner: [Self] = allCases.filter { $0.isIn("inner") }
    public static let authority: [Self] = allCases.filter { $0.isIn("authority") }

    /// The path of the record of the CAs that this program has created; see the installer's `AuthorityMark`.
    public static let authorityMark = "authority/.buildkit-installer.json"

    /// Whether it contains a private key.
    public var isSecret: Bool { rawValue.hasSuffix("key.pem") }

    private func isIn(_ folder: String) -> Bool { rawValue.hasPrefix(folder + "/") }
}
