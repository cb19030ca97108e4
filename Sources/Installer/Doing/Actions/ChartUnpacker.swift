import FoundationEssentials

/// Writes the chart that is inside this program to a folder, from which Helm reads it.
struct ChartUnpacker {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// What was in the folder is replaced as a whole: a file of an older chart must not stay among the new ones.
    func unpack(into folder: String) throws {
        let scratch = Scratch(beside: folder)
        let fresh = scratch.path
        let files = FileManager.default
        if files.fileExists(atPath: folder), !files.fileExists(atPath: "\(folder)/Chart.yaml") {
            throw Failure(
                "\(folder) is there already and is not a chart, so it was left as it is",
                hint: "Name a folder that does not exist yet.")
        }
        try scratch.make()
        do {
            for file in Chart.files {
                let target = URL(filePath: "\(fresh)/\(file.path)")
                try files.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(file.text.utf8).write(to: target)
            }
            if files.fileExists(atPath: folder) { try files.removeItem(atPath: folder) }
            try files.moveItem(atPath: fresh, toPath: folder)
        } catch {
            // What is half there is of no use to anybody; the first error is the one to tell.
            scratch.remove()
            throw Failure(
                "The chart could not be written to \(folder)", detail: error.reason,
                hint: "Check the disk: df -h \(workshop.world.home.shellQuoted)")
        }
    }
}
