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
