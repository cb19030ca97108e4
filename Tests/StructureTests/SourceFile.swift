import FoundationEssentials

/// A Swift file of the product, as the rules of the house see it.
struct SourceFile {
    /// Inside `Sources`.
    let path: String
    let imports: Set<String>

    static func all() throws -> [SourceFile] {
        try textFiles(in: "Sources", ending: ".swift").map { path, text in
            SourceFile(path: path, imports: Set(text.split(separator: "\n").compactMap(importedModule)))
        }
    }

    /// `@preconcurrency public import struct X509.Certificate` imports X509.
    private static func importedModule(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let word = words.firstIndex(of: "import"), words[..<word].allSatisfy(isModifier) else {
            return nil
        }
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
        ]
        let path = words[(word + 1)...].first { !kinds.contains($0) }
        return path.map { String($0.prefix { $0 != "." }) }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(word)
    }
}
