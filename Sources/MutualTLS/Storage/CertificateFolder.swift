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
    public func authority() throws(CredentialsError) -> CertificateAuthority? {
        guard holds([.authorityCertificate, .authorityKey]) else { return nil }
        return try CertificateAuthority(
            certificate: text(of: .authorityCertificate), key: SecretText(text(of: .authorityKey)))
    }
}

extension CertificateFolder {
    /// Where new certificates wait until they are in use.
    public var renewal: CertificateFolder { CertificateFolder(path: "\(path)/renewal") }

    /// The folder of a client that was given certificates of its own; buildx's own are in `client`.
    public func folder(ofClient name: String) -> String { "\(path)/clients/\(name)" }

    /// The clients that were given certificates of their own, in the order of their names.
    public func clientNames() throws(CredentialsError) -> [String] {
        let folder = "\(path)/clients"
        guard SecureFile.exists(folder) else { return [] }
        return try SecureFile.names(in: folder).filter { (try? ClientName.check($0)) != nil }
    }
}

// What there is in a folder of the files that this program writes, by their paths in it.

extension CertificateFolder {
    /// The files of the authorities that sign here, and the records of whom they have signed.
    public func authorityFiles() throws(CredentialsError) -> [String] {
        try present(CertificateFile.authority) + authorityRecords()
    }

    /// Whom the authorities have signed, and who was revoked.
    func authorityRecords() throws(CredentialsError) -> [String] {
        var files: [String] = []
        for folder in ["authority/issued", "authority/revoked"] {
            files += try names(in: folder).map { "\(folder)/\($0)" }
        }
        return files
    }

    /// All others: the pairs in use, those of named clients, and a renewal that was begun.
    public func certificateFiles() throws(CredentialsError) -> [String] {
        let pairs = present(CertificateFile.allCases.filter { !CertificateFile.authority.contains($0) })
        return try pairs + clientFiles() + renewalFiles()
    }

    private func present(_ files: [CertificateFile]) -> [String] {
        files.filter { SecureFile.exists(path(of: $0)) }.map(\.rawValue)
    }

    /// A name that no client can have is somebody's own folder, or what an interrupted run has left.
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

    /// What waits there is not in use, its authority neither.
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
    /// Deletes files by their paths in it, with what an interrupted run has left of them, and then the folders that
    /// nothing else is in. What is not there is no error. The records of an authority go with it.
    public func remove(_ files: [String]) throws(CredentialsError) {
        for file in files where !Self.isInside(file) {
            throw CredentialsError(
                .folder, "\(file) is no file of a certificate folder.", path: path,
                hint: "If you want it gone, delete it yourself.")
        }
        let isWithoutAuthority = files.contains(CertificateFile.authorityCertificate.rawValue)
        let files = isWithoutAuthority ? try files + authorityRecords() : files
        let folders = folders(of: files) + [path]
        for folder in folders { try FolderTransaction(folder: folder).discard() }
        for file in files { try SecureFile.removeFile("\(path)/\(file)") }
        for folder in folders { try SecureFile.removeFolderIfEmpty(folder) }
    }

    /// The folders in it that the files are in, the innermost first.
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

    /// Judged by its letters alone.
    private static func isInside(_ file: String) -> Bool {
        !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
    }
}
