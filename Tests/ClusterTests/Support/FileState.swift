import FoundationEssentials
import Glibc

/// A file or folder of the user's, as far as a test compares it.
struct FileState: Equatable, Comparable, CustomStringConvertible {
    /// Below the home folder.
    let path: String
    let mode: Int
    let content: Data
    /// When it was last written, in nanoseconds.
    let written: Int

    /// Everything below a home folder but what tools keep for themselves and what a run says of itself.
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
    /// The name and the permissions alone, for what is new each time.
    var description: String {
        // A certificate that is kept is called after its serial.
        let name = path.replacing(/issued\/[0-9a-f]+\.pem/, with: "issued/SERIAL.pem")
        return "\(String(mode, radix: 8)) \(name)"
    }

    static func < (left: Self, right: Self) -> Bool { left.path < right.path }
}
