import FoundationEssentials
import Testing

/// Files that record generated output. Only `UPDATE_GOLDEN=1 make test` writes them.
enum Golden {
    static func expect(
        _ text: String, in path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let url = URL(filePath: path)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: url)
            return
        }
        let recorded = try String(contentsOf: url, encoding: .utf8)
        guard recorded != text else { return }
        let difference = text.split(separator: "\n").difference(from: recorded.split(separator: "\n"))
        let changes = difference.prefix(20).map { change in
            switch change {
            case .insert(let line, let text, _): "+\(line + 1) \(text)"
            case .remove(let line, let text, _): "-\(line + 1) \(text)"
            }
        }
        Issue.record(
            """
            \(path) differs; UPDATE_GOLDEN=1 records what is now:
            \(changes.joined(separator: "\n"))
            """,
            sourceLocation: sourceLocation)
    }
}
