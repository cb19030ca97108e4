extension CertificateFolder {
    /// Whether an interrupted run has put only some of its files into their places.
    public var isHalfWritten: Bool { FolderTransaction(folder: path).isHalfDone }

    /// Completes or rolls back what an interrupted run left in this folder. Every change of the folder begins with this.
    func recover() throws(CredentialsError) {
        for part in (try pendingRenewal()?.parts.keys.sorted()) ?? [] {
            try SecureFile.recoverExchange("\(renewal.path)/\(part)", "\(path)/\(part)")
        }
        for client in ["\(path)/client"] + (try clientsSetAside()) {
            try FolderTransaction(folder: client, order: Self.clientFiles).recover()
        }
        try FolderTransaction(folder: path).recover()
    }

    /// The folders of clients that an interrupted run has not finished with.
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
