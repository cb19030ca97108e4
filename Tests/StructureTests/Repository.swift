import FoundationEssentials

/// The root of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The files below a folder of the repository: the path inside that folder, and the text.
func textFiles(in folder: String, ending: String = "") throws -> [(path: String, text: String)] {
    let root = "\(repository)/\(folder)"
    var files: [(path: String, text: String)] = []
    // A link, such as the one to the chart, is not followed.
    for path in try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
    where path.hasSuffix(ending) {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
        guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
        files.append((path, try String(contentsOf: URL(filePath: "\(root)/\(path)"), encoding: .utf8)))
    }
    return files
}
