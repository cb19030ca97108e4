import FoundationEssentials
import MutualTLS

/// Which authorities of a folder this program has made: only those are its own to delete. An authority that somebody
/// brought lies in the same place and looks the same.
///
/// It goes along where the folder `authority/` is copied to another machine.
struct AuthorityMark {
    private let folder: CertificateFolder

    init(_ folder: CertificateFolder) { self.folder = folder }

    /// The file, by its path in the folder.
    static let file = "authority/.buildkit-installer.json"

    private struct Content: Codable {
        /// SHA-256 of the certificates' files, in hexadecimal.
        var made: [String]
    }

    private var path: String { "\(folder.path)/\(Self.file)" }

    /// The digests of the authorities that were made here. A mark that cannot be read marks nothing.
    private var made: [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return (try? JSONDecoder().decode(Content.self, from: data))?.made ?? []
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether this program has made the authority in that file.
    func marks(_ file: CertificateFile) -> Bool {
        digest(of: file, in: folder).map { made.contains($0) } ?? false
    }

    /// Writes down that the authority in a folder's file is of this program's making.
    func add(_ file: CertificateFile, in source: CertificateFolder) throws {
        guard let digest = digest(of: file, in: source), !made.contains(digest) else { return }
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(try JSONEncoder().encode(Content(made: made + [digest])), to: path)
    }

    /// Copies an authority that somebody brought, and that is about to be replaced, to where nothing touches it.
    /// - Returns: the folder; nil where there is nothing to keep.
    func keepBrought() throws -> String? {
        var kept: String?
        let pairs: [(CertificateFile, CertificateFile)] = [
            (.authorityCertificate, .authorityKey), (.formerCertificate, .formerKey),
        ]
        for (certificate, key) in pairs where folder.holds([certificate, key]) && !marks(certificate) {
            guard let digest = digest(of: certificate, in: folder) else { continue }
            let place = "\(folder.path)/brought/\(digest.prefix(16))"
            try PrivateFile.makeFolder(place)
            for (file, name) in [(certificate, "ca.pem"), (key, "key.pem")] {
                try PrivateFile.write(try folder.bytes(of: file), to: "\(place)/\(name)")
            }
            kept = place
        }
        return kept
    }

    private func digest(of file: CertificateFile, in folder: CertificateFolder) -> String? {
        // A file that cannot be read is marked by nothing.
        (try? folder.bytes(of: file)).map(Digest.sha256)
    }
}

extension CertificateFolder {
    /// The files of the authorities that are this program's to delete.
    func ownAuthorityFiles() throws -> [String] {
        let mark = AuthorityMark(self)
        let pairs: [CertificateFile: [CertificateFile]] = [
            .authorityCertificate: [.authorityCertificate, .authorityKey, .revocations],
            .formerCertificate: [.formerCertificate, .formerKey],
        ]
        let foreign = Set(
            pairs.filter { holds([$0.key]) && !mark.marks($0.key) }.flatMap(\.value).map(\.rawValue))
        let files = try authorityFiles().filter { !foreign.contains($0) }
        return files + (mark.isThere ? [AuthorityMark.file] : [])
    }

    /// Whether an authority lies here that somebody brought.
    var holdsBroughtAuthority: Bool {
        let mark = AuthorityMark(self)
        return [CertificateFile.authorityCertificate, .formerCertificate].contains {
            holds([$0]) && !mark.marks($0)
        }
    }
}
