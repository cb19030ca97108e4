/// Writes several files of a folder so that an interruption leaves all of them or none.
///
/// They are staged on the same file system. A folder that does not exist yet appears complete, by one rename. In an
/// existing one (it may be a mount, which cannot be renamed) the staging folder is first renamed to mark it as
/// complete; then the files are moved into place one by one, and the next run moves those that an interruption left
/// behind.
public struct FolderTransaction {
    private static let unfinished = ".issuing"
    private static let finished = ".issued"

    let folder: String
    /// The known files, in the order in which they are replaced.
    let order: [String]

    /// - Parameter order: the files' paths in the folder.
    public init(
        folder: String,
        order: [String] = CertificateFile.allCases.map(\.rawValue) + [CertificateFile.authorityMark]
    ) {
        self.folder = folder
        self.order = order
    }

    /// Next to the folder while it does not exist; afterwards in it.
    private var sibling: String {
        let name = folder.split(separator: "/").last.map(String.init) ?? "certificates"
        return SecureFile.parent(of: folder) + "/." + name + Self.unfinished
    }
    private var staging: String { folder + "/" + Self.unfinished }
    private var staged: String { folder + "/" + Self.finished }

    /// The path of a file that an interrupted run has staged completely, but not moved yet; nil where there is none.
    func waiting(_ file: String) -> String? {
        let path = staged + "/" + file
        return SecureFile.exists(path) ? path : nil
    }

    /// Removes what an interrupted run did not finish staging, and completes what it did.
    public func recover() throws(CredentialsError) {
        try SecureFile.recoverExchange(sibling, folder)
        if SecureFile.exists(folder) { try keepRest() }
        try SecureFile.remove(sibling)
        guard SecureFile.exists(folder) else { return }
        try SecureFile.remove(staging)
        if SecureFile.exists(staged) { try complete() }
    }

    /// Removes what an interrupted run has left, complete or not.
    func discard() throws(CredentialsError) {
        for place in [sibling, staging, staged] { try SecureFile.remove(place) }
    }

    func write(_ contents: [CertificateFile: String]) throws(CredentialsError) {
        try write(Dictionary(uniqueKeysWithValues: contents.map { ($0.key.rawValue, $0.value) }))
    }

    /// - Parameter contents: by the files' paths in the folder.
    func write(_ contents: [String: String]) throws(CredentialsError) {
        if SecureFile.exists(folder) {
            try stageWhole(contents, in: staging)
            try SecureFile.move(staging, to: staged)
            try complete()
        } else {
            try SecureFile.makeFolder(SecureFile.parent(of: folder))
            try stageWhole(contents, in: sibling)
            try SecureFile.move(sibling, to: folder)
        }
    }

    /// Stages all files, or leaves none: a full disk would otherwise leave some of the keys.
    private func stageWhole(_ contents: [String: String], in place: String) throws(CredentialsError) {
        do { try stage(contents, in: place) } catch {
            // The first error is the one to report.
            try? SecureFile.remove(place)
            throw error
        }
    }

    /// Writes them atomically, so that a certificate is never next to another certificate's key. Other files in the
    /// folder are kept.
    /// - Parameter contents: by the files' paths in the folder.
    public func replace(_ contents: [String: String]) throws(CredentialsError) {
        guard SecureFile.exists(folder) else { return try write(contents) }
        try SecureFile.requireFolder(folder)
        // The link would be exchanged instead of the folder that it leads to.
        guard !SecureFile.isLink(folder) else { return try write(contents) }
        do {
            try stage(contents, in: sibling)
            try SecureFile.exchange(sibling, folder)
        } catch {
            // A mount cannot be exchanged. An interrupted exchange is rolled back first.
            try SecureFile.recoverExchange(sibling, folder)
            if SecureFile.exists(folder) { try keepRest() }
            try SecureFile.remove(sibling)
            return try write(contents)
        }
        try keepRest()
        try SecureFile.remove(sibling)
    }

    /// Moves other files of the folder back after an exchange.
    private func keepRest() throws(CredentialsError) {
        let known = order.compactMap { $0.split(separator: "/").first.map(String.init) }
        try SecureFile.moveRest(of: sibling, to: folder, except: known)
    }

    func stage(_ contents: [String: String], in place: String) throws(CredentialsError) {
        try SecureFile.makeFolder(place)
        for file in order {
            guard let text = contents[file] else { continue }
            let path = place + "/" + file
            try SecureFile.makeFolder(SecureFile.parent(of: path))
            try SecureFile.create(path, bytes: Array(text.utf8), mode: Self.mode(of: file))
        }
        for file in order where contents[file] != nil {
            try SecureFile.sync(folder: SecureFile.parent(of: place + "/" + file))
        }
    }

    private func complete() throws(CredentialsError) {
        for file in order {
            let source = staged + "/" + file
            guard SecureFile.exists(source) else { continue }
            let target = folder + "/" + file
            try SecureFile.makeFolder(SecureFile.parent(of: target))
            try SecureFile.move(source, to: target)
        }
        try SecureFile.remove(staged)
    }

    /// Only the owner can read keys. Certificates are public, so all users may read them; the folder is not
    /// accessible to others, unless its owner permits it.
    private static func mode(of file: String) -> UInt32 { file.hasSuffix("key.pem") ? 0o600 : 0o644 }
}
