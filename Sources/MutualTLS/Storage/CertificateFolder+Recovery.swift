extension CertificateFolder {
    /// Whether an interrupted run has not moved all files of the outer pairs into place.
    public var isHalfWritten: Bool { CertificateFile.outer.contains { waiting($0) != nil } }

    /// Where a file is, or will be read from once an interrupted run is completed.
    func settledPath(of file: CertificateFile) -> String { waiting(file) ?? path(of: file) }

    private func waiting(_ file: CertificateFile) -> String? {
        FolderTransaction(folder: path).waiting(file.rawValue)
    }

    /// Completes or rolls back what an interrupted run left in this folder. Every change of the folder starts with
    /// this.
    func recover() throws(CredentialsError) {
        for part in (try pendingRenewal()?.parts.keys.sorted()) ?? [] {
            try SecureFile.recoverExchange("\(renewal.path)/\(part)", "\(path)/\(part)")
        }
        for client in ["\(path)/client"] + (try clientsSetAside()) {
            try FolderTransaction(folder: client, order: Self.clientFiles).recover()
        }
        try FolderTransaction(folder: path).recover()
    }

    /// The folders of clients that an interrupted run has not completed.
    private func clientsSetAside() throws(CredentialsError) -> [String] {
        let folder = "\(path)/clients"
        guard SecureFile.exists(folder) else { return [] }
        return try SecureFile.names(in: folder).compactMap { name in
            guard name.hasPrefix("."), let end = [".aside", ".issuing"].first(where: name.hasSuffix) else {
                return nil
            }
            return "\(folder)/\(name.dropFirst().dropLast(end.count))"
        }
    }
}
