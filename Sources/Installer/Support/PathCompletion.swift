import FoundationEssentials

/// The completion of a typed path, as shells do it.
public struct PathCompletion: Equatable, Sendable {
    public let typed: String
    /// What was typed, continued as far as all matching files agree.
    public let text: String
    /// The matching files as paths in the form that was typed, folders with a slash at their end.
    public let matches: [String]

    /// Reads one folder.
    /// - Parameter home: the folder that `~` stands for.
    public init(_ typed: String, home: String) {
        let folder = String(
            typed[..<(typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex)])
        let start = typed.dropFirst(folder.count)
        let place = folder.isEmpty ? "." : folder.expanded(home: home)
        // A folder that cannot be read has no files to offer; the answer's own check names it.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let isHidden = start.hasPrefix(".")
        let found = names.filter {
            $0.hasPrefix(start) && $0.hasPrefix(".") == isHidden && $0.isShownAsItIs
        }
        matches = found.sorted().map { name in
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder)
            return folder + name + (isFolder ? "/" : "")
        }
        self.typed = typed
        text = matches.dropFirst().reduce(matches.first ?? typed) { $0.commonStart(with: $1) }
    }
}

extension String {
    /// Whether a terminal shows these characters and no others.
    fileprivate var isShownAsItIs: Bool { VisibleText(line: self).description == self && !contains("\t") }

    fileprivate func commonStart(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
