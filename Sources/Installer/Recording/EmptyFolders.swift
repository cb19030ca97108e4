#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Folders of this program's own that nothing is in any more.
enum EmptyFolders {
    /// Removes a folder and those above it, up to and with the root, as long as nothing is in them. One that does
    /// not lie below the root stays.
    static func remove(from folder: String, upTo root: String) {
        var folder = folder
        // rmdir itself refuses a folder with something in it, so nothing can come in between.
        while folder == root || folder.hasPrefix("\(root)/"), rmdir(folder) == 0 || errno == ENOENT {
            folder = folder.parentFolder
        }
    }
}

extension Places {
    /// Removes a folder of this program's own where nothing is in it, and those above it.
    func prune(_ folder: String) {
        for root in own { EmptyFolders.remove(from: folder, upTo: root) }
    }
}
