import FoundationEssentials

/// The folder in which certificates and keys are kept for people, buildx and the installer.
///
/// Folders are 0700 and keys 0600 from their first byte on. Only one run at a time may write to a folder.
public struct CertificateFolder: Sendable, Hashable {
    /// Absolute, or relative to where the program runs. Without a slash at its end.
    public let path: String

    public init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    public func path(of file: CertificateFile) -> String { path + "/" + file.rawValue }

    /// Whether all of these files are there.
    public func holds(_ files: [CertificateFile]) -> Bool {
        files.allSatisfy { SecureFile.exists(path(of: $0)) }
    }

    /// The bytes of a file, for a Secret or a tool's standard input.
    public func bytes(of file: CertificateFile) throws(CredentialsError) -> [UInt8] {
        try SecureFile.contents(of: path(of: file)).bytes
    }

    /// The authority, if its key was kept here.
    public func authority() throws(CredentialsError) -> Authority? {
        guard holds([.authorityCertificate, .authorityKey]) else { return nil }
        return try Authority(
            certificate: text(of: .authorityCertificate), key: SecretText(text(of: .authorityKey)))
    }
}
