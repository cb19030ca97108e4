extension CertificateFolder {
    /// Deletes files by their names, with what an interrupted run has left of them, and then the folders that
    /// nothing else is in. What is not there is no error.
    public func remove(_ files: [CertificateFile]) throws(CredentialsError) {
        try FolderTransaction(folder: path).discard()
        for file in files { try SecureFile.removeFile(path(of: file)) }
        for folder in folders(of: files) + [path] { try SecureFile.removeFolderIfEmpty(folder) }
    }

    /// The folders in it that the files are in, the innermost first.
    public func folders(of files: [CertificateFile]) -> [String] {
        Set(files.map { SecureFile.parent(of: path(of: $0)) }).sorted(by: >)
    }

    /// Those of the files that are there.
    public func present(_ files: [CertificateFile]) -> [CertificateFile] {
        files.filter { SecureFile.exists(path(of: $0)) }
    }
}
