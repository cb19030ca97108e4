import FoundationEssentials

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
