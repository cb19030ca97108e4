/// Writes several files of a folder so that an interruption leaves all of them or none.
///
/// They are staged where they can be renamed from. A folder that does not exist yet appears complete, by one
/// rename. In one that exists (it may be a mount, which cannot be renamed) the staging folder gets the name
/// of a finished one first; from then on the files are moved to their places one by one, and whoever comes
/// next moves those that an interruption left behind.
struct FolderTransaction {
    private static let unfinished = ".issuing"
    private static let finished = ".issued"

    let folder: String
    /// The files that it knows, in the order in which they are replaced.
    var order = CertificateFile.allCases.map(\.rawValue)

    /// Beside the folder as long as it does not exist, in it from then on.
    private var sibling: String {
        let name = folder.split(separator: "/").last.map(String.init) ?? "certificates"
        return SecureFile.parent(of: folder) + "/." + name + Self.unfinished
    }
    private var staging: String { folder + "/" + Self.unfinished }
    private var staged: String { folder + "/" + Self.finished }

    /// Whether it was cut short after the first file that it may have moved.
    var isHalfDone: Bool { SecureFile.exists(staged) }

    /// Clears away what an interrupted run did not finish staging, and completes what it did.
    func recover() throws(CredentialsError) {
        try SecureFile.recoverExchange(sibling, folder)
        if SecureFile.exists(folder) { try keepRest() }
        try SecureFile.remove(sibling)
        guard SecureFile.exists(folder) else { return }
        try SecureFile.remove(staging)
        if SecureFile.exists(staged) { try complete() }
    }

    /// Clears away what an interrupted run has left, finished or not.
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

    /// Stages all of it, or leaves nothing: on a full disk half of the keys would lie about.
    private func stageWhole(_ contents: [String: String], in place: String) throws(CredentialsError) {
        do { try stage(contents, in: place) } catch {
            // What went wrong first is what is told.
            try? SecureFile.remove(place)
            throw error
        }
    }

    /// The same in one instant, so that nobody ever finds a certificate beside another one's key. What else lies in the
    /// folder stays.
    func replace(_ contents: [String: String]) throws(CredentialsError) {
        guard SecureFile.exists(folder) else { return try write(contents) }
        do {
            try stage(contents, in: sibling)
            try SecureFile.exchange(sibling, folder)
        } catch {
            // A mount cannot change places with anything. What an exchange has set aside comes back first.
            try SecureFile.recoverExchange(sibling, folder)
            if SecureFile.exists(folder) { try keepRest() }
            try SecureFile.remove(sibling)
            return try write(contents)
        }
        try keepRest()
        try SecureFile.remove(sibling)
    }

    /// What else lay in the folder goes back there, if it has just changed places.
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

    /// Keys are for their owner alone. Certificates are shown to whoever connects, so everybody may read
    /// them; the folder around them is closed anyway, unless its owner opens it on purpose.
    private static func mode(of file: String) -> UInt32 { file.hasSuffix("key.pem") ? 0o600 : 0o644 }
}
