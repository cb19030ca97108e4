import Foundation
import Terminal
import Testing

/// Compares a frame with the file of its name. The files are rewritten only with UPDATE_GOLDEN=1.
func expectGolden(_ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(components: "Golden", "\(name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try Data((frame.text + "\n").utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(frame.text + "\n" == expected, "\(name)", sourceLocation: sourceLocation)
}
