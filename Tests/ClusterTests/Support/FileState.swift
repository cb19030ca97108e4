import FoundationEssentials
import Glibc

/// A user's file or folder, with the properties that a test compares.
struct FileState: Equatable, Comparable, CustomStringConvertible {
    /// Below the home folder.
    let path: String
    let mode: Int
    let content: Data
    /// The time of the last write, in nanoseconds.
    let written: Int

    /// Everything below a home folder except private files of tools and records of a run.
    static func all(below home: String) throws -> [FileState] {
        let files = FileManager.default
        let passing = [".kube", ".docker/buildx/activity", ".docker/buildx/.lock", ".docker/buildx/defaults"]
        let ownNotes = ["lock", "journal.jsonl", "former-builder"]
        var states: [FileState] = []
        var folders = [""]
        while let folder = folders.popLast() {
            for name in try files.contentsOfDirectory(atPath: "\(home)/\(folder)") {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                guard !passing.contains(path), !ownNotes.contains(name) else { continue }
                var status = stat()
                guard lstat("\(home)/\(path)", &status) == 0 else { continue }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                if isFolder { folders.append(path) }
                states.append(
                    FileState(
                        path: path, mode: Int(status.st_mode),
                        content: isFolder ? Data() : try Data(contentsOf: URL(filePath: "\(home)/\(path)")),
                        written: isFolder ? 0 : status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
                    ))
            }
        }
        return states.sorted()
    }

    var isFolder: Bool { mode_t(mode) & S_IFMT == S_IFDIR }
    /// Only the name and the permissions, for files whose contents always differ.
    var description: String {
        // A stored certificate is named after its serial.
        let name = path.replacing(/issued\/[0-9a-f]+\.pem/, with: "issued/SERIAL.pem")
        return "\(String(mode, radix: 8)) \(name)"
    }

    static func < (left: Self, right: Self) -> Bool { left.path < right.path }
}
