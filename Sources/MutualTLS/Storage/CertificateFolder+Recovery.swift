extension CertificateFolder {
    /// Whether an interrupted run has put only some of its files into their places.
    public var isHalfWritten: Bool { FolderTransaction(folder: path).isHalfDone }

    /// Brings to its start or its end whatever an interrupted run has left half-way in this folder. Whoever is about to
    /// change something here does this first.
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
