import FoundationEssentials
import LabSupport
import Testing

/// The chart with default values.
struct DefaultsTests {
    @Test func lintHasNothingToSay() async throws {
        let outcome = try await Program(.helm).run("lint", "--strict", Chart.folder)
        #expect(outcome.succeeded)
        #expect(!outcome.output.contains("[WARNING]") && !outcome.output.contains("[ERROR]"))
    }

    @Test func theManifestIsTheRecordedOne() async throws {
        let manifest = try await Chart.render()
        try Golden.expect(manifest.text, in: "\(Chart.tests)/Golden/defaults.yaml")
    }

    @Test func theNotesAreTheRecordedOnes() async throws {
        let manifest = try await Chart.render()
        try Golden.expect(manifest.notes, in: "\(Chart.tests)/Golden/notes.txt")
    }

    @Test func helmTemplateRendersTheSame() async throws {
        // The same engine through the helm command.
        let text = try await Program(.helm).require("template", "buildkit", Chart.folder, "-n", "builds")
        let manifest = try await Chart.render()
        #expect(text.split(separator: "\n") == manifest.text.split(separator: "\n"))
    }

    @Test func thereIsNoBlankLineToStumbleOver() async throws {
        for object in try await Chart.render().text.split(separator: "---\n") {
            // Empty lines are permitted at the end of an object and between the tables of buildkitd.toml.
            let head = object.split(separator: "data:").first ?? ""
            #expect(!head.trimmingSuffix("\n").contains("\n\n"))
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: Character) -> Substring {
        var text = self
        while text.last == suffix { text.removeLast() }
        return text
    }
}
