// What there is in a folder of the files that this program writes, by their paths in it.

extension CertificateFolder {
    /// The files of the authorities that sign here, and the records of whom they have signed.
    public func authorityFiles() throws(CredentialsError) -> [String] {
        try present(CertificateFile.authority) + authorityRecords()
    }

    /// Whom the authorities have signed.
    func authorityRecords() throws(CredentialsError) -> [String] {
        try names(in: "authority/issued").map { "authority/issued/\($0)" }
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
        let isUnfinished = folder.hasPrefix(".") && folder.hasSuffix(".issuing")
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
