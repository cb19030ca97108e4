import Testing

@testable import Wizard

/// The lines about a selected entry.
@Suite struct DetailsTests {
    @Test func whatIsNotKnownIsLeftOut() {
        var details = Details("buildkit", columns: 30)
        details.add("Context", "production")
        details.add("Endpoint", nil)
        details.add("Chart", "")
        details.begin("Command")
        details.add(command: "buildkit-installer status --context production")
        #expect(
            details.lines.map(\.text) == [
                "buildkit", "", "Context    production", "", "Command",
                "buildkit-installer status \\", "  --context production",
            ])
    }
}
