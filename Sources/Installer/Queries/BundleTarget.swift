import FoundationEssentials

/// The path of a client bundle: only a bundle of an earlier run is replaced there.
struct BundleTarget {
    /// The largest archive that is read: a bundle has a few kilobytes.
    private static let limit = 1 << 20

    let path: String
    /// The folder of certificates: files of others in it could be taken for a client's.
    let certificates: String

    init(path: String, outside certificates: String) {
        self.path = path
        self.certificates = certificates
    }

    /// Why no bundle may or can be written there; nil where that would lose no file of others.
    func trouble() -> InstallerError? {
        troubleInside ?? troubleOfPresent ?? PrivateFile.obstacle(in: place)
    }

    private var troubleInside: InstallerError? {
        let (file, folder) = (path.absolutePath.canonicalPath, certificates.absolutePath.canonicalPath)
        guard file == folder || file.hasPrefix("\(folder)/") else { return nil }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return InstallerError(
            "\(path) is in the certificate directory \(certificates)",
            hint: "Choose a path outside it: --bundle ~/\(name.shellQuoted)", code: .fileUnwritable)
    }

    private var troubleOfPresent: InstallerError? {
        guard let kind = FileKind(path) else { return nil }
        return TarArchive.isName(path) ? troubleOfArchive(kind) : troubleOfFolder(kind)
    }

    /// The folder in which something is created: for a bundle folder, the missing folders above it are created, too.
    private var place: String {
        guard !TarArchive.isName(path) else { return path.parentFolder }
        var folder = path
        while FileKind(folder) == nil, folder.parentFolder != folder { folder = folder.parentFolder }
        return folder
    }

    private func troubleOfArchive(_ kind: FileKind) -> InstallerError? {
        guard kind == .file else { return refusal("\(path) is not a regular file") }
        guard let bytes = try? Data(ofInput: path, limit: Self.limit) else {
            return refusal("\(path) cannot be read")
        }
        // An empty file has no content to lose.
        guard !bytes.isEmpty, !isBundle(bytes) else { return nil }
        return refusal("\(path) exists and is not a client bundle")
    }

    private func isBundle(_ bytes: Data) -> Bool {
        let content =
            TarArchive.isCompressed(path)
            ? try? Gzip.content(of: Array(bytes), limit: Self.limit) : Array(bytes)
        let names = content.map(TarArchive.names) ?? []
        return names.contains { $0.hasSuffix("/\(ClientBundle.script)") }
    }

    private func troubleOfFolder(_ kind: FileKind) -> InstallerError? {
        guard kind == .folder else {
            return refusal("\(path) is not a directory, and its name does not end in .tar or .tar.gz")
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            return refusal("\(path) cannot be read")
        }
        guard !names.isEmpty, !names.contains(ClientBundle.script) else { return nil }
        return refusal("\(path) is not empty, and is not a client bundle")
    }

    private func refusal(_ sentence: String) -> InstallerError {
        InstallerError(
            sentence, hint: "Choose another path: --bundle \(path.parentFolder.shellQuoted)/NAME.tar",
            code: .fileUnwritable)
    }
}
