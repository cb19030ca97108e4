import FoundationEssentials

/// What somebody who is to help has to see, with nothing secret in it.
public struct SupportBundle: Sendable {
    /// A file of the archive.
    struct Part: Sendable {
        var name: String
        /// Without anything that may be a secret, whoever wrote it.
        let text: String

        init(_ name: String, _ text: String) {
            self.name = name
            self.text = Redaction.of(text)
        }
    }

    var parts: [Part]
    /// When it was gathered.
    var takenAt: Date

    /// The folder that it unpacks to.
    private static let folder = "buildkit-doctor"

    /// Writes it as a `tar.gz` that only the user may read.
    public func write(to path: String) throws(Failure) -> BundleReport {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure("\(path) is there already", hint: "Name another file.")
        }
        let files = parts.map { ($0.name, Data($0.text.utf8)) }
        let archive = TarArchive(
            folder: Self.folder, files: Dictionary(uniqueKeysWithValues: files), at: takenAt)
        try PrivateFile.write(Gzip.stored(archive.bytes), to: path)
        return BundleReport(
            file: path, entries: parts.map { .init(name: $0.name, bytes: $0.text.utf8.count) })
    }
}

/// What is in a ``SupportBundle`` that was written.
public struct BundleReport: Reportable, Equatable {
    public struct Entry: Codable, Equatable, Sendable {
        public var name: String
        public var bytes: Int
    }

    public var file: String
    public var entries: [Entry]

    public var lines: [String] {
        ["\(file) holds this, with what may be secret taken out:"]
            + entries.map { ReportLine($0.name, "\($0.bytes) bytes") }.texts
            + ["Look at it before you pass it on: tar -xzf \(file.shellQuoted)"]
    }
}
