import Foundation

/// A Swift file of the product, for the structure rules: only its words are analysed.
struct SourceFile: Sendable {
    /// The path inside `Sources`.
    let path: String
    let imports: Set<String>
    let lineCount: Int
    /// The types that it declares at the top level, including private ones: two with the same name are equally hard
    /// to find.
    let types: Set<String>
    /// The members that it adds to types of other packages, such as `String.trimmed`.
    let members: Set<String>
    /// The names of all variables, functions and cases that it declares.
    let ownMembers: Set<String>
    /// The names that start with a capital letter.
    let typeNames: Set<String>
    /// The names after a dot.
    let memberNames: Set<String>

    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    static let all: [SourceFile] = {
        // Without the sources there is nothing to check; the rule that every layer has files then fails.
        let texts = (try? textFiles(in: "Sources", ending: ".swift")) ?? []
        let sources = texts.map { ($0.path, $0.text, SourceText($0.text)) }
        let declared = Set(sources.flatMap { $0.2.types })
        return sources.map { path, text, source in
            SourceFile(
                path: path, imports: Set(text.split(separator: "\n").compactMap(importedModule)),
                lineCount: text.split(separator: "\n", omittingEmptySubsequences: false).count - 1,
                types: Set(source.types), members: source.members(ofTypesOutside: declared),
                ownMembers: source.ownMembers, typeNames: source.typeNames, memberNames: source.memberNames)
        }
    }()

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
