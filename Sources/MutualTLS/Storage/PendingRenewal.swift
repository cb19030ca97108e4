import FoundationEssentials

/// The certificates to renew.
public struct RenewalOrder: Codable, Hashable, Sendable {
    /// The change of the CAs, which determines the rest.
    public enum Change: String, Codable, Sendable {
        /// None: the existing CA signs new certificates for the server and the clients.
        case leaves
        /// A new CA signs the clients' certificates; the previous one is still trusted.
        case introduce
        /// The previous CA is no longer trusted.
        case retire
        /// A new CA replaces the previous one at once.
        case replace
        /// Only the hop from the proxy to BuildKit is renewed.
        case inner
    }

    public var change: Change
    public var certificates: CertificateOrder
    /// The user of the folder that gave the order, in a notation of its own: several may use one folder. Nil: unknown.
    public var owner: String?
    /// Whether the previous CA stays in the folder where this order drops it: other users of the folder may still trust it.
    public var keepsFormer: Bool?

    public init(
        _ change: Change, _ certificates: CertificateOrder, owner: String? = nil, keepsFormer: Bool? = nil
    ) {
        self.change = change
        self.certificates = certificates
        self.owner = owner
        self.keepsFormer = keepsFormer
    }
}

/// New certificates that are not in use yet.
public struct PendingRenewal: Codable, Hashable, Sendable {
    public let order: RenewalOrder
    /// SHA-256 of each of its folders: it distinguishes a pending folder from one that has been put in place and now
    /// contains its predecessor.
    let parts: [String: String]

    /// The folder of the proxy's pair.
    static let server = "daemon"
    /// The folder of the hop from the proxy to BuildKit.
    static let inner = "inner"
    /// The file of this value, next to the folders.
    static let file = "renewal.json"
}

extension PendingRenewal {
    /// A copy without these folders.
    func without(_ parts: Set<String>) -> Self {
        Self(order: order, parts: self.parts.filter { !parts.contains($0.key) })
    }

    var text: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder().encode(self) else {
                throw CredentialsError(.record, "The renewal could not be written.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }
}

extension CertificateFolder {
    /// The pending renewal in this folder; nil where there is none.
    public func pendingRenewal() throws(CredentialsError) -> PendingRenewal? {
        let file = "\(renewal.path)/\(PendingRenewal.file)"
        guard SecureFile.exists(file) else { return nil }
        let bytes = try SecureFile.contents(of: file).bytes
        // An unreadable one was written by another version: the renewal is started again.
        return try? JSONDecoder().decode(PendingRenewal.self, from: Data(bytes))
    }

    /// Whether the files of the proxy or BuildKit are still to be put in place.
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
