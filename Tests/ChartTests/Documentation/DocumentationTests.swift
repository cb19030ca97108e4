import Foundation
import Testing

/// All documents describe the values in the same way.
struct DocumentationTests {
    @Test func theSchemaHasTheValuesAndNoOthers() throws {
        let documented = Set(try ValuesDocument().entries.map(\.path))
        // Every chart may be a subchart of another one, whose globals it then receives.
        #expect(try ValuesSchema().paths == documented.union(["global"]))
    }

    @Test func theSchemaTakesNoUnknownKey() throws {
        #expect(try ValuesSchema().loosePaths.isEmpty)
    }

    @Test func theSchemaDescribesTheValuesInTheSameWords() throws {
        var schema = try ValuesSchema()
        schema.describe(try ValuesDocument())
        try Golden.expect(schema.json, in: "\(Chart.folder)/values.schema.json")
    }

    @Test func theReadmeHasTheTableOfTheValues() throws {
        let start = "<!-- values -->\n"
        let end = "\n<!-- end of values -->"
        let readme = try Chart.text("README.md")
        let from = try #require(readme.range(of: start)).upperBound
        let to = try #require(readme.range(of: end)).lowerBound
        let table = ValuesTable.markdown(try ValuesDocument())
        try Golden.expect(
            readme.replacingCharacters(in: from..<to, with: table), in: "\(Chart.folder)/README.md")
    }

    @Test func everyCommentIsASentence() throws {
        for entry in try ValuesDocument().entries {
            #expect(entry.comment.hasSuffix("."), "\(entry.path)")
        }
    }
}
