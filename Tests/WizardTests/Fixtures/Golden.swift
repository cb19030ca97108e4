import Foundation
import Terminal
import Testing

/// Compares a frame with the file of its name. The files are rewritten only with UPDATE_GOLDEN=1.
func expectGolden(_ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try expectGolden(frame.text + "\n", name, sourceLocation: sourceLocation)
}

/// Compares a text with the file of its name.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(components: "Golden", "\(name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try Data(text.utf8).write(to: file)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "\(name)", sourceLocation: sourceLocation)
}
