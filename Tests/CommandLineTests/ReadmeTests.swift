import FoundationEssentials
import Installer
import Testing

/// The README's table of answers is made from the declarations; UPDATE_GOLDEN=1 writes it anew.
@Suite struct ReadmeTests {
    private static let begin = "<!-- answers:"
    private static let end = "<!-- /answers -->"
    private static let path =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/") + "/README.md"

    @Test func theTableOfAnswersIsMadeFromTheDeclarations() throws {
        let readme = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.hasPrefix(Self.begin) })
        let last = try #require(lines.firstIndex { $0 == Self.end })
        let fresh = (lines[...first] + Self.table.map { $0[...] } + lines[last...]).joined(separator: "\n")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(fresh.utf8).write(to: URL(filePath: Self.path))
            return
        }
        #expect(readme == fresh, "UPDATE_GOLDEN=1 make test rewrites the table")
    }

    /// A question that several pages ask is told where it is asked first.
    private static var table: [String] {
        var told: Set<Field.ID> = []
        return ["| answer | what it is | default |", "| --- | --- | --- |"]
            + Form.all.flatMap { form in
                ["| **\(form.title)** `\(form.id)` | \(form.intro) | |"]
                    + form.fields.filter { told.insert($0.id).inserted }.map(row)
            }
    }

    private static func row(_ field: Field) -> String {
        let help = field.help + field.kind.options.map { "<br>`\($0.value)`: \($0.help)" }.joined()
        let text = field.text(in: Answers())
        return "| `\(field.id)` | \(help) | \(text.isEmpty ? field.emptyMeaning ?? "" : "`\(text)`") |"
    }
}
