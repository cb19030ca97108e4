import FoundationEssentials
@testable import Installer
import Testing

@Suite struct ValuesFileTests {
    @Test(arguments: [
        ("fullnameOverride: shared\n", "shared"),
        ("fullnameOverride: \"shared\" # all of them\r\n", "shared"),
        ("---\n# Names\n'fullnameOverride' :  'shared'", "shared"), ("nameOverride: kit", "team-kit"),
        (#"{"fullnameOverride": "shared", "builder": {"startup": "5m"}}"#, "shared"),
        ("builder:\n  startup: 5m\nfullnameOverride: shared", "shared"),
        ("tolerations:\n- key: a\n  operator: Exists\nfullnameOverride: shared", "shared"),
        ("fullnameOverride: \"\"\nnameOverride: ~\n", "team-buildkit"),
        ("fullnameOverride:\n", "team-buildkit"),
        ("fullnameOverride: # none\nimagePrefix: a\n", "team-buildkit"),
        ("# fullnameOverride: shared\nbuilder: {startup: 5m}\n", "team-buildkit"),
        ("global:\n  fullnameOverride: other\n", "team-buildkit"),
        ("commonLabels: {fullnameOverride: other}\n", "team-buildkit"), ("", "team-buildkit"),
        // Without a name of the chart's objects, any notation will do.
        ("{builder: {startup: 5m}}", "team-buildkit"),
    ])
    func theNamesAreReadFromTheTopLevel(_ text: String, _ fullname: String) {
        #expect(ChartNames.inValuesFile(text)?.fullname(of: "team") == fullname)
    }

    @Test(arguments: [
        "{fullnameOverride: shared}", "fullnameOverride:\n  shared\n", "fullnameOverride: &name shared",
        "fullnameOverride: |\n  shared\n", "fullnameOverride: shared\n  kit\n",
        "  fullnameOverride: shared\n",
        "? fullnameOverride\n: shared\n", "names: &a {fullnameOverride: shared}\n<<: *a\n",
        "fullnameOverride: shared\nfullnameOverride: other\n", "a: b\n---\nfullnameOverride: shared\n",
        "fullnameOverride: \"sh\\u0061red\"\n", "fullnameOverride: {{ name }}\n",
    ])
    func anotherNotationIsUnknown(_ text: String) {
        #expect(ChartNames.inValuesFile(text) == nil)
    }

    @Test func whatCannotBeReadIsSaid() throws {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        var answers = Answers()
        #expect(try dependencies.chartNames(answers) == ChartNames())
        answers.values = "~/values.yaml"
        let missing = #expect(throws: InstallerError.self) { try dependencies.chartNames(answers) }
        #expect(missing?.code == .fileUnreadable)
        try folder.write("{fullnameOverride: shared}", to: "values.yaml")
        let failure = #expect(throws: InstallerError.self) { try dependencies.chartNames(answers) }
        let unknown = try #require(failure)
        #expect(unknown.hint?.hasSuffix("without indentation: fullnameOverride: NAME") == true)
        var facts = Facts.empty
        facts.chartNames = .unavailable(unknown)
        #expect(Check.values.verdict(facts, answers).word == "failed")
        // No plan is made with names that are not known.
        #expect(
            Workflow.install.refusal(answers, facts)?.unread.map(\.name) == ["the values file ~/values.yaml"])
        try folder.write("fullnameOverride: shared", to: "values.yaml")
        #expect(try dependencies.chartNames(answers) == ChartNames(fullnameOverride: "shared"))
    }
}
