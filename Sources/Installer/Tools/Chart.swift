import FoundationEssentials

/// The chart that is inside this program.
public enum Chart {
    public static let name = "buildkit"

    /// Its files, by their path inside the chart.
    public static var files: [(path: String, text: String)] { chartFiles }

    /// The chart's own version, `0.1.0`.
    public static let version = entry("version")
    /// The version of BuildKit that it installs unless told otherwise, `v0.32.2`.
    public static let appVersion = entry("appVersion")

    /// As Helm names a release's chart.
    public static var label: String { "\(name)-\(version)" }

    /// Writes its files below a folder.
    static func write(to folder: String) throws(InstallerError) {
        for file in files {
            let path = "\(folder)/\(file.path)"
            try PrivateFile.makeFolder(path.parentFolder)
            try PrivateFile.write(file.text.utf8, to: path)
        }
    }

    /// A top-level entry of Chart.yaml, which we write ourselves: one `key: value` a line.
    private static func entry(_ key: String) -> String {
        let lines = files.first { $0.path == "Chart.yaml" }?.text.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("\(key):") } ?? ""
        return String(line.dropFirst(key.count + 1)).trimmed.filter { $0 != "\"" }
    }
}
