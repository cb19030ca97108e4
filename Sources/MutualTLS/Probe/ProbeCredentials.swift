import NIOSSL
import X509

/// The pair that authenticates a probe.
public struct ProbeIdentity: Sendable, Hashable {
    public let certificate: PEMInput
    public let key: PEMInput

    public init(certificate: PEMInput, key: PEMInput) {
        self.certificate = certificate
        self.key = key
    }
}

/// The source of a PEM text.
public enum PEMInput: Sendable, Hashable {
    case file(String)
    /// A text in memory, which may be a key and is therefore never shown.
    case text(SecretText)

    public static func text(_ pem: String) -> Self { .text(SecretText(pem)) }

    func read() throws(CredentialsError) -> [UInt8] {
        switch self {
        case .file(let path): try SecureFile.contents(of: path).bytes
        case .text(let text): Array(text.revealed.utf8)
        }
    }

    /// The path of the file; nil for a text in memory.
    var path: String? {
        guard case .file(let path) = self else { return nil }
        return path
    }

    /// The name in a message.
    func name(_ purpose: String) -> String {
        switch self {
        case .file(let path): path
        case .text: purpose
        }
    }
}

/// The credentials of a probe, read and validated before it connects.
struct ProbeCredentials {
    let trust: ChainVerifier
    let hasIdentity: Bool
    let configuration: TLSConfiguration

    init(trust source: PEMInput, identity: ProbeIdentity?) throws(CredentialsError) {
        trust = ChainVerifier(
            anchors: try PEM(source.read()).certificates(
                called: source.name("The CA"), at: source.path),
            library: .go)
        hasIdentity = identity != nil
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2"]
        configuration.verifySignatureAlgorithms = Self.signatureAlgorithms
        configuration.signingSignatureAlgorithms = Self.signatureAlgorithms
        // The probe verifies the server certificate itself, and needs no system roots.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        // It does not wait for the peer's close_notify.
        configuration.shutdownTimeout = .milliseconds(100)
        if let identity {
            (configuration.certificateChain, configuration.privateKey) = try Self.load(identity)
        }
        self.configuration = configuration
    }

    /// The default algorithms of BoringSSL, and Ed25519, which is not among them.
    private static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ecdsaSecp256R1Sha256, .ed25519, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384,
        .rsaPssRsaeSha384, .rsaPkcs1Sha384, .ecdsaSecp521R1Sha512, .rsaPssRsaeSha512, .rsaPkcs1Sha512,
    ]

    private static func load(
        _ identity: ProbeIdentity
    ) throws(CredentialsError) -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource) {
        let names = (
            certificate: identity.certificate.name("The client certificate"),
            key: identity.key.name("The client key")
        )
        let certificateBytes = try identity.certificate.read()
        let keyBytes = try identity.key.read()
        let certificates = try PEM(certificateBytes).certificates(
            called: names.certificate, at: identity.certificate.path)
        guard let leaf = certificates.first else {
            throw CredentialsError(.pem, "\(names.certificate) contains no certificate.")
        }
        let key = try PEM(keyBytes).privateKey(called: names.key, at: identity.key.path)
        guard key.publicKey == leaf.publicKey else {
            throw CredentialsError(
                .key, "\(names.key) does not match \(names.certificate): they are not a pair.",
                hint: "Copy the key that belongs to this certificate.")
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(certificateBytes)
            let key = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
            return (chain.map { .certificate($0) }, .privateKey(key))
        } catch {
            // The library's own message is omitted, because it handled a key.
            throw CredentialsError(
                .key, "\(names.certificate) and \(names.key) cannot be used for a TLS connection.",
                hint: "Use an EC key (P-256, P-384, P-521), Ed25519, or RSA of at least 2048 bits.")
        }
    }
}
