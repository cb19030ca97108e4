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
