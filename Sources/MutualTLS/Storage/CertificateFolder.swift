import FoundationEssentials

/// The folder with the certificates and keys for users, buildx and the installer.
///
/// Folders are 0700 and keys 0600 from their first byte on. Only one run at a time may write to a folder.
public struct CertificateFolder: Sendable, Hashable {
    /// Absolute, or relative to the working directory. Without a trailing slash.
    public let path: String

    public init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    public func path(of file: CertificateFile) -> String { path + "/" + file.rawValue }

    /// Whether all of these files exist.
    public func holds(_ files: [CertificateFile]) -> Bool {
        files.allSatisfy { SecureFile.exists(path(of: $0)) }
    }

    /// The bytes of a file, for a Secret or a tool's standard input.
    public func bytes(of file: CertificateFile) throws(CredentialsError) -> [UInt8] {
        try SecureFile.contents(of: path(of: file)).bytes
    }

    /// The CA, if its key is stored here.
    public func authority() throws(CredentialsError) -> CertificateAuthority? {
        guard holds([.authorityCertificate, .authorityKey]) else { return nil }
        return try CertificateAuthority(
            certificate: text(of: .authorityCertificate), key: SecretText(text(of: .authorityKey)))
    }
}

extension CertificateFolder {
    /// The folder of new certificates that are not in use yet.
    public var renewal: CertificateFolder { CertificateFolder(path: "\(path)/renewal") }

    /// The folder of a client with certificates of its own; buildx's own are in `client`.
    public func folder(ofClient name: String) -> String { "\(path)/clients/\(name)" }

    /// The clients with certificates of their own, sorted by name.
    public func clientNames() throws(CredentialsError) -> [String] {
        let folder = "\(path)/clients"
        guard SecureFile.exists(folder) else { return [] }
        return try SecureFile.names(in: folder).filter {
            (try? ClientName.check($0)) != nil && mayHoldClient(self.folder(ofClient: $0))
        }
    }

    /// Whether a folder has files of a client, or cannot be read. Beside these folders the user may keep other files.
    private func mayHoldClient(_ folder: String) -> Bool {
        guard !SecureFile.isNoFolder(folder) else { return false }
        guard let names = try? SecureFile.names(in: folder) else { return true }
        return names.contains(where: Self.clientFiles.contains)
    }
}

// The files that this program writes to a folder, by their paths in it.

extension CertificateFolder {
    /// The files of the signing CAs, and the records of the certificates that they have issued.
    public func authorityFiles() throws(CredentialsError) -> [String] {
        try present(CertificateFile.authority) + authorityRecords()
    }

    /// The records of issued certificates and of revocations.
    func authorityRecords() throws(CredentialsError) -> [String] {
        var files: [String] = []
        for folder in ["authority/issued", "authority/revoked"] {
            files += try names(in: folder).map { "\(folder)/\($0)" }
        }
        return files
    }

    /// All other files: the pairs in use, those of named clients, and a pending renewal.
    public func certificateFiles() throws(CredentialsError) -> [String] {
        let pairs = present(CertificateFile.allCases.filter { !CertificateFile.authority.contains($0) })
        return try pairs + clientFiles() + renewalFiles()
    }

    private func present(_ files: [CertificateFile]) -> [String] {
        files.filter { SecureFile.exists(path(of: $0)) }.map(\.rawValue)
    }

    /// A folder whose name no client can have belongs to the user, or was left by an interrupted run.
    private func clientFiles() throws(CredentialsError) -> [String] {
        var files: [String] = []
        for folder in try names(in: "clients") where Self.isClient(folder) {
            files += ["ca.pem", "key.pem", "cert.pem"].map { "clients/\(folder)/\($0)" }.filter {
                SecureFile.exists("\(path)/\($0)")
            }
        }
        return files
    }

    private static func isClient(_ folder: String) -> Bool {
        let isUnfinished =
            folder.hasPrefix(".") && (folder.hasSuffix(".issuing") || folder.hasSuffix(".aside"))
        return isUnfinished || (try? ClientName.check(folder)) != nil
    }

    /// Neither the certificates nor the CA of a renewal are in use.
    private func renewalFiles() throws(CredentialsError) -> [String] {
        guard SecureFile.exists(renewal.path) else { return [] }
        let files = try renewal.authorityFiles() + renewal.certificateFiles()
        let record = SecureFile.exists("\(renewal.path)/renewal.json") ? ["renewal.json"] : []
        return (files + record).map { "renewal/\($0)" }
    }

    private func names(in folder: String) throws(CredentialsError) -> [String] {
        SecureFile.exists("\(path)/\(folder)") ? try SecureFile.names(in: "\(path)/\(folder)") : []
    }
}

extension CertificateFolder {
    /// Deletes files by their paths in the folder, with what an interrupted run left of them, and then the empty
    /// folders. A missing file is not an error. The records of a CA are deleted with it.
    public func remove(_ files: [String]) throws(CredentialsError) {
        for file in files where !Self.isInside(file) {
            throw CredentialsError(
                .folder, "\(file) does not belong to a certificate directory.", path: path,
                hint: "To remove it, delete it manually.")
        }
        let isWithoutAuthority = files.contains(CertificateFile.authorityCertificate.rawValue)
        let files = isWithoutAuthority ? try files + authorityRecords() : files
        let folders = folders(of: files) + [path]
        for folder in folders { try FolderTransaction(folder: folder).discard() }
        // A CA is known to be this program's by its certificate and the mark, so these are the last.
        let marks = [
            CertificateFile.formerCertificate.rawValue, CertificateFile.authorityCertificate.rawValue,
            CertificateFile.authorityMark,
        ]
        for file in files.filter({ !marks.contains($0) }) + marks.filter(files.contains) {
            try SecureFile.removeFile("\(path)/\(file)")
        }
        for folder in folders { try SecureFile.removeFolderIfEmpty(folder) }
    }

    /// The subfolders that contain the files, the innermost first.
    public func folders(of files: [String]) -> [String] {
        var folders: Set<String> = []
        for file in files {
            var folder = SecureFile.parent(of: "\(path)/\(file)")
            while folder.count > path.count {
                folders.insert(folder)
                folder = SecureFile.parent(of: folder)
            }
        }
        return folders.sorted(by: >)
    }

    /// Judged by the text of the path only.
    private static func isInside(_ file: String) -> Bool {
        !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
    }
}
