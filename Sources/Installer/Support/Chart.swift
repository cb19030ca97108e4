import FoundationEssentials

/// The embedded chart.
public enum Chart {
    public static let name = "buildkit"

    /// Its files, by their path in the chart.
    public static var files: [(path: String, text: String)] { chartFiles }

    /// The chart's own version, `0.1.0`.
    public static let version = entry("version")
    /// The version of BuildKit that it installs by default, `v0.32.2`.
    public static let appVersion = entry("appVersion")

    /// The form in which Helm names a release's chart.
    public static var label: String { "\(name)-\(version)" }

    static func write(to folder: String) throws(InstallerError) {
        for file in files {
            let path = "\(folder)/\(file.path)"
            try PrivateFile.makeFolder(path.parentFolder)
            try PrivateFile.write(file.text.utf8, to: path)
        }
    }

    /// Whether a folder contains this chart, in any version.
    static func isUnpacked(in folder: String) -> Bool {
        guard let bytes = try? Data(ofFile: "\(folder)/Chart.yaml") else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return ["name", "home", "keywords"].allSatisfy { entry($0, of: text) == entry($0) }
    }

    private static func entry(_ key: String) -> String {
        entry(key, of: files.first { $0.path == "Chart.yaml" }?.text ?? "")
    }

    /// A top-level entry of Chart.yaml, which this project writes with one `key: value` per line.
    private static func entry(_ key: String, of text: String) -> String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(key):") } ?? ""
        return String(line.dropFirst(key.count + 1)).trimmed.filter { $0 != "\"" }
    }
}
