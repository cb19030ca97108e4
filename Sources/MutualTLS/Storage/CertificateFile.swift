/// The files of a certificate folder, by their paths in it. People and their tools rely on these names.
///
/// The order is the order in which files are replaced. Of each pair the key comes before the certificate, and
/// the authority before both: a reader in between finds a pair that does not match, which every TLS library
/// refuses, never a certificate that the other side cannot verify yet.
public enum CertificateFile: String, CaseIterable, Sendable, Codable {
    /// The authority and its key, to sign more clients and to renew. Optional.
    case authorityCertificate = "authority/ca.pem"
    case authorityKey = "authority/key.pem"
    /// One list for each authority that is trusted, or the proxy would refuse the clients of the one without.
    case revocations = "authority/crl.pem"
    /// The authority before this one, as long as it is trusted too.
    case formerCertificate = "authority/former/ca.pem"
    case formerKey = "authority/former/key.pem"

    /// The hop from the proxy to BuildKit. Its authority's key is not kept.
    case innerAuthority = "inner/ca.pem"
    case innerServerKey = "inner/server-key.pem"
    case innerServerCertificate = "inner/server-cert.pem"
    case innerClientKey = "inner/client-key.pem"
    case innerClientCertificate = "inner/client-cert.pem"

    /// What the proxy serves; `ca.pem` is what it judges clients by.
    case serverAuthority = "daemon/ca.pem"
    case serverKey = "daemon/key.pem"
    case serverCertificate = "daemon/cert.pem"

    /// What buildx shows; `ca.pem` is what it judges the proxy by.
    case clientAuthority = "client/ca.pem"
    case clientKey = "client/key.pem"
    case clientCertificate = "client/cert.pem"

    /// The pairs that people connect with, and the authorities beside them.
    public static let outer: [Self] = allCases.filter { $0.isIn("daemon") || $0.isIn("client") }
    public static let client: [Self] = allCases.filter { $0.isIn("client") }
    public static let inner: [Self] = allCases.filter { $0.isIn("inner") }
    public static let authority: [Self] = allCases.filter { $0.isIn("authority") }

    /// Whether it holds a private key.
    public var isSecret: Bool { rawValue.hasSuffix("key.pem") }

    private func isIn(_ folder: String) -> Bool { rawValue.hasPrefix(folder + "/") }
}
