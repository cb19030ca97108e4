import NIOSSL
import X509

/// The pair with which a probe proves who it is.
public struct ProbeIdentity: Sendable, Hashable {
    public let certificate: PEMInput
    public let key: PEMInput

    public init(certificate: PEMInput, key: PEMInput) {
        self.certificate = certificate
        self.key = key
    }
}

/// Where a PEM text comes from.
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

    /// Where it is; nil for a text in memory.
    var path: String? {
        guard case .file(let path) = self else { return nil }
        return path
    }

    /// How a message calls it.
    func name(_ purpose: String) -> String {
        switch self {
        case .file(let path): path
        case .text: purpose
        }
    }
}

/// What a probe needs of its files, read and found good before anybody is asked.
struct ProbeCredentials {
    let trust: ChainVerifier
    let hasIdentity: Bool
    let configuration: TLSConfiguration

    init(trust source: PEMInput, identity: ProbeIdentity?) throws(CredentialsError) {
        trust = ChainVerifier(
            anchors: try PEM(source.read()).certificates(
                called: source.name("The authority"), at: source.path),
            library: .go)
        hasIdentity = identity != nil
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2"]
        configuration.verifySignatureAlgorithms = Self.signatureAlgorithms
        configuration.signingSignatureAlgorithms = Self.signatureAlgorithms
        // The probe verifies for itself, and needs no roots of the system.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        // The peer's close_notify is not waited for.
        configuration.shutdownTimeout = .milliseconds(100)
        if let identity {
            (configuration.certificateChain, configuration.privateKey) = try Self.load(identity)
        }
        self.configuration = configuration
    }

    /// What BoringSSL uses by default, and Ed25519, which it does not.
    private static let signatureAlgorithms: [SignatureAlgorithm] = [
        .ecdsaSecp256R1Sha256, .ed25519, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384,
        .rsaPssRsaeSha384, .rsaPkcs1Sha384, .ecdsaSecp521R1Sha512, .rsaPssRsaeSha512, .rsaPkcs1Sha512,
    ]

    private static func load(
        _ identity: ProbeIdentity
    ) throws(CredentialsError) -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource) {
        let names = (
            certificate: identity.certificate.name("The client's certificate"),
            key: identity.key.name("The client's key")
        )
        let certificateBytes = try identity.certificate.read()
        let keyBytes = try identity.key.read()
        let certificates = try PEM(certificateBytes).certificates(
            called: names.certificate, at: identity.certificate.path)
        guard let leaf = certificates.first else {
            throw CredentialsError(.pem, "\(names.certificate) holds no certificate.")
        }
        let key = try PEM(keyBytes).privateKey(called: names.key, at: identity.key.path)
        guard key.publicKey == leaf.publicKey else {
            throw CredentialsError(
                .key, "\(names.key) does not belong to \(names.certificate): they are not from one pair.",
                hint: "Copy the key that was made together with this certificate.")
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(certificateBytes)
            let key = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
            return (chain.map { .certificate($0) }, .privateKey(key))
        } catch {
            // The library's own text is left out: it was handed a key.
            throw CredentialsError(
                .key, "\(names.certificate) and \(names.key) cannot be used for a TLS connection.",
                hint: "Use an EC key (P-256, P-384, P-521), Ed25519, or RSA of at least 2048 bits.")
        }
    }
}
