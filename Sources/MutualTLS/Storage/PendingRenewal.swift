import FoundationEssentials

/// Which certificates to renew.
public struct RenewalOrder: Codable, Hashable, Sendable {
    /// What becomes of the authorities, which decides the rest.
    public enum Change: String, Codable, Sendable {
        /// None: the one that is there signs new certificates for the server and the clients.
        case leaves
        /// A new one signs the clients' certificates, and those of the one before are trusted still.
        case introduce
        /// The one before is trusted no longer.
        case retire
        /// A new one takes the place of the one before at once.
        case replace
        /// Only the hop from the proxy to BuildKit is made anew.
        case inner
    }

    public var change: Change
    public var certificates: CertificateOrder

    public init(_ change: Change, _ certificates: CertificateOrder) {
        self.change = change
        self.certificates = certificates
    }
}

/// New certificates that wait beside those in use until they are in use themselves.
public struct PendingRenewal: Codable, Hashable, Sendable {
    public let order: RenewalOrder
    /// SHA-256 of each of its folders: by it one that waits is told from one that has been put into place, whose
    /// predecessor lies there then.
    let parts: [String: String]

    /// The folder that the proxy's pair is in.
    static let server = "daemon"
    /// The folder of the hop from the proxy to BuildKit.
    static let inner = "inner"
    /// Where it is written down, beside the folders.
    static let file = "renewal.json"
}

extension PendingRenewal {
    /// The same for fewer folders.
    func without(_ parts: Set<String>) -> Self {
        Self(order: order, parts: self.parts.filter { !parts.contains($0.key) })
    }

    var text: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder().encode(self) else {
                throw CredentialsError(.folder, "The renewal could not be written down.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }
}

extension CertificateFolder {
    /// The renewal that was begun here and is not in use yet; nil where there is none.
    public func pendingRenewal() throws(CredentialsError) -> PendingRenewal? {
        let file = "\(renewal.path)/\(PendingRenewal.file)"
        guard SecureFile.exists(file) else { return nil }
        let bytes = try SecureFile.contents(of: file).bytes
        // One that cannot be read was written by another version: it is begun anew.
        return try? JSONDecoder().decode(PendingRenewal.self, from: Data(bytes))
    }

    /// Whether what the proxy or BuildKit reads still waits to be put into place.
    public func serverWaits(of pending: PendingRenewal) -> Bool {
        [PendingRenewal.server, PendingRenewal.inner].contains { waits($0, of: pending) }
    }

    func waits(_ part: String, of pending: PendingRenewal) -> Bool {
        guard let digest = pending.parts[part] else { return false }
        return (try? renewal.digest(ofPart: part)) == digest
    }

    /// SHA-256 of all files of one of the folders.
    private func digest(ofPart part: String) throws(CredentialsError) -> String {
        let folder = "\(path)/\(part)"
        var contents: [String: String] = [:]
        for name in try SecureFile.names(in: folder) where name.hasSuffix(".pem") {
            contents["\(part)/\(name)"] = String(
                decoding: try SecureFile.contents(of: "\(folder)/\(name)").bytes, as: UTF8.self)
        }
        return Self.digest(of: contents)
    }

    /// - Parameter contents: by the files' paths.
    static func digest(of contents: [String: String]) -> String {
        Digest.sha256(
            contents.sorted { $0.key < $1.key }.flatMap { Array("\($0.key)\n\($0.value)".utf8) })
    }
}
