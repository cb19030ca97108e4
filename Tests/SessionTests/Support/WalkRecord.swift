import Foundation
import Terminal

/// The pages of a wizard as they were recorded: a golden file for each size of the window.
struct WalkRecord {
    /// `UPDATE_GOLDEN=1` records what is shown now.
    static let isUpdated = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    private let file: URL
    private let rows: Int

    init(of walk: String, columns: Int, rows: Int) {
        file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(components: "Golden", "\(walk)-\(columns)x\(rows).txt")
        self.rows = rows
    }

    /// The pages, from the first one.
    /// - Parameter type: the terminal; the Linux console has fewer symbols.
    func pages(in type: String) throws -> [String] {
        let text = try String(contentsOf: file, encoding: .utf8)
        let shown = type == "linux" ? String(text.map { Glyphs.console.substitute(for: $0) }) : text
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
        // An empty line is between two pages.
        return stride(from: 0, to: lines.count - 1, by: rows + 1).map { start in
            lines[start..<min(start + rows, lines.count)].joined(separator: "\n")
        }
    }

    func write(_ pages: [String]) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((pages.joined(separator: "\n\n") + "\n").utf8).write(to: file)
    }
}
