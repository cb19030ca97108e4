import FoundationEssentials
import Installer
import Testing

/// The reference of all fields is generated from their declarations; UPDATE_GOLDEN=1 rewrites it.
@Suite struct FieldsReferenceTests {
    @Test func theReferenceIsMadeFromTheDeclarations() throws {
        let path = "\(Installation.repository)/docs/reference/fields.md"
        let fresh = Self.document
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(fresh.utf8).write(to: URL(filePath: path))
            return
        }
        let stored = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(stored == fresh, "UPDATE_GOLDEN=1 make test rewrites it")
    }

    private static let introduction = """
        # Fields

        Each field is a flag (`--node-port`), an environment variable (`BUILDKIT_INSTALLER_NODE_PORT`) and a key of an answers
        file (`"node-port"`). Flags take precedence over variables, and variables over the file. The name behind a heading
        selects that page of the wizard in the key [`interactive`](../usage/automation.md). This page is generated from the code.
        """

    /// A field on several pages is described on the first one.
    private static var document: String {
        var told: Set<Field.ID> = []
        let sections = Form.all.map { form -> String in
            let others = form.fields.filter { told.contains($0.id) }.map { "`\($0.id)`" }
            let fields = form.fields.filter { told.insert($0.id).inserted }
            let table =
                fields.isEmpty
                ? [] : ["", "| field | description | default |", "| --- | --- | --- |"] + fields.map(row)
            let above = others.isEmpty ? [] : ["", "Described above: \(others.joined(separator: ", "))."]
            return (["## \(form.title) (`\(form.id)`)", "", form.intro] + table + above)
                .joined(separator: "\n")
        }
        return ([introduction] + sections).joined(separator: "\n\n") + "\n"
    }

    private static func row(_ field: Field) -> String {
        let help = field.help + field.kind.options.map { "<br>`\($0.value)`: \($0.help)" }.joined()
        let text = field.text(in: Answers())
        return "| `\(field.id)` | \(help) | \(text.isEmpty ? field.emptyMeaning ?? "" : "`\(text)`") |"
    }
}
