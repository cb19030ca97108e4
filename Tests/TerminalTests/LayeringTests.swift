import Foundation
import Testing

/// The package manager lets any file import any module of its target; these rules are ours.
struct LayeringTests {
    private var sources: [(name: String, imports: Set<String>)] {
        get throws {
            let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let folder = package.appending(path: "Sources/Terminal")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.map {
                file in
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                let imports = lines.filter { $0.hasPrefix("import ") }.map { String($0.dropFirst(7)) }
                return (file.lastPathComponent, Set(imports))
            }
        }
    }

    @Test func onlyTheScreenAndTheWidthOfACharacterKnowCurses() throws {
        let files = try sources.filter { $0.imports.contains("CNCurses") }.map(\.name).sorted()
        #expect(files == ["CharacterWidth.swift", "CursesScreen.swift"])
    }

    @Test func theTerminalKnowsNothingElse() throws {
        let known: Set = ["CNCurses", "Dispatch"]
        #expect(try sources.allSatisfy { $0.imports.isSubset(of: known) })
        #expect(try sources.count > 10)
    }
}
