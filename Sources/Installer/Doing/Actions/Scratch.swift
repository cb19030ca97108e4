import FoundationEssentials

/// A folder for the time of an action, which only the user can read.
struct Scratch {
    let path: String

    /// Beside a folder, so that what was made in it can be moved there in one go. It always has the same name: what a
    /// run that was killed has left there goes with the next one.
    init(beside folder: String) { path = "\(folder).buildkit-installer-new" }

    /// Where this machine keeps what nobody needs for long.
    init(nonce: String, environment: [String: String]) {
        path = "\(environment["TMPDIR"] ?? "/tmp")/buildkit-installer-\(nonce)"
    }

    func make() throws(Failure) {
        remove()
        try PrivateFile.makeFolder(path)
    }

    /// What cannot be removed does no harm.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
