import FoundationEssentials
import MutualTLS

/// Records which CAs in a folder this program created: it may only delete those. A CA that the user supplied is in
/// the same place and looks the same.
///
/// The mark is copied with the folder `authority/` to another machine.
struct AuthorityMark {
    private let folder: CertificateFolder

    init(_ folder: CertificateFolder) { self.folder = folder }

    /// The path of the file in the folder.
    static let file = CertificateFile.authorityMark

    private struct Content: Codable {
        /// SHA-256 of the certificate files, in hexadecimal.
        var made: [String]
    }

    private var path: String { "\(folder.path)/\(Self.file)" }

    /// The digests of the CAs that were created here. An unreadable mark marks nothing.
    private var made: [String] {
        guard let data = try? Data(ofFile: path) else { return [] }
        return (try? JSONDecoder().decode(Content.self, from: data))?.made ?? []
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether this program created the CA in that file.
    func marks(_ file: CertificateFile) -> Bool {
        digest(of: file, in: folder).map { made.contains($0) } ?? false
    }

    /// Records that this program created the CA in a folder's file.
    func add(_ file: CertificateFile, in source: CertificateFolder) throws {
        guard let digest = digest(of: file, in: source), !made.contains(digest) else { return }
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write(try JSONEncoder().encode(Content(made: made + [digest])), to: path)
    }

    /// The content with another CA that this program creates: it is written together with the CA, because a run that is
    /// killed in between would leave one that looks like the user's.
    func adding(_ certificate: String) throws -> String {
        let content = Content(made: made + [Digest.sha256(Array(certificate.utf8))])
        return String(decoding: try JSONEncoder().encode(content), as: UTF8.self)
    }

    /// Copies a user-supplied CA that is about to be replaced or deleted to a folder that no run changes.
    /// - Parameter certificates: the CAs that are.
    /// - Returns: the folder; nil where there is nothing to keep.
    func keepBrought(
        _ certificates: [CertificateFile] = [.authorityCertificate, .formerCertificate]
    ) throws -> String? {
        var kept: String?
        for certificate in certificates {
            let key = certificate == .formerCertificate ? CertificateFile.formerKey : .authorityKey
            guard folder.holds([certificate, key]), !marks(certificate) else { continue }
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
        // An unreadable file is not marked.
        (try? folder.bytes(of: file)).map(Digest.sha256)
    }
}

extension CertificateFolder {
    /// The CA files that this program may delete.
    func ownAuthorityFiles() throws -> [String] {
        let mark = AuthorityMark(self)
        let pairs: [CertificateFile: [CertificateFile]] = [
            .authorityCertificate: [.authorityCertificate, .authorityKey, .revocations],
            .formerCertificate: [.formerCertificate, .formerKey],
        ]
        let foreign = Set(
            pairs.flatMap { certificate, files -> [CertificateFile] in
                // Of a CA of this program, the certificate is deleted last, so a key without one is the user's.
                guard holds([certificate]) else { return files.filter(\.isSecret) }
                return mark.marks(certificate) ? [] : files
            }.map(\.rawValue))
        let files = try authorityFiles().filter { !foreign.contains($0) }
        return files + (mark.isThere ? [AuthorityMark.file] : [])
    }

    /// Whether the folder contains a CA that the user supplied.
    var holdsBroughtAuthority: Bool {
        let mark = AuthorityMark(self)
        return [CertificateFile.authorityCertificate, .formerCertificate].contains {
            holds([$0]) && !mark.marks($0)
        }
    }
}
