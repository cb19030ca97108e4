import FoundationEssentials
import MutualTLS

/// Deletes files of this program's own, and refuses to touch anything else.
struct FileRemover {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    private var places: Places { workshop.world.places }

    func remove(_ paths: [String]) throws {
        for path in paths {
            guard isOurs(path) else {
                throw Failure(
                    "\(path) was not deleted: it is not a file of this installation",
                    hint: "If you want it gone, delete it yourself.")
            }
            // What an action that was killed has left beside it.
            Scratch(beside: path).remove()
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch let error as CocoaError where error.code == .fileNoSuchFile {
            } catch {
                throw Failure(
                    "\(path) could not be deleted", detail: error.reason,
                    hint: "Check it: ls -ld \(path.shellQuoted)")
            }
            places.prune(path.parentFolder)
        }
    }

    /// By their names alone: whatever else is in the folder may be anybody's.
    func removeCertificates(_ files: [CertificateFile], from folder: String) throws {
        Scratch(beside: folder).remove()
        try CertificateFolder(path: folder).remove(files)
        places.prune(folder.parentFolder)
    }

    /// Whether it is what this program keeps of the installation, and nothing above or beside it. Judged by its
    /// letters alone, so that no link can lead elsewhere unseen.
    private func isOurs(_ path: String) -> Bool { places.records(of: workshop.plan.site).contains(path) }
}
