@testable import Installer
import Testing

@Suite struct KubeconfigTests {
    private func current(_ files: String...) throws -> String? {
        let folder = try TemporaryFolder()
        let paths = try files.enumerated().map { try folder.write($1, to: "config\($0)") }
        return withExtendedLifetime(folder) { current(in: paths) }
    }

    private func current(in paths: [String]) -> String? {
        var dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()))
        dependencies.environment["KUBECONFIG"] = paths.joined(separator: ":")
        return Kubeconfig(in: dependencies).currentContext
    }

    @Test(arguments: [
        ("current-context: production", "production"), ("current-context: \"a.b@c\"\r", "a.b@c"),
        ("current-context: 'kind-1'", "kind-1"), ("---\ncurrent-context: a\n", "a"),
        ("current-context: arn:aws:eks:eu-west-1:1:cluster/a_b", "arn:aws:eks:eu-west-1:1:cluster/a_b"),
        ("apiVersion: v1\ncontexts: []\ncurrent-context:   gke_a_b_c  \nkind: Config", "gke_a_b_c"),
        ("current-context: \"123\"", "123"), ("kind: Config\r\ncurrent-context: a\r\nusers: []\r\n", "a"),
    ]) func aLineOfItsOwnIsRead(_ file: String, _ name: String) throws {
        #expect(try current(file) == name)
    }

    @Test(arguments: [
        "{\"current-context\": \"a\"}", "{current-context: a}", "current-context: a # mine",
        "current-context: 12",
        "current-context: true", "current-context: ~", "current-context: &a b", "current-context: !!str a",
        "current-context: \"a\\tb\"", "current-context: a b", "current-context: |\n  a",
        "current-context: a:",
        "current-context: a\ncurrent-context: b", "current-context: a\rcurrent-context: b",
        "current-context: a\n---\ncurrent-context: b",
        "notes: current-context: b\ncurrent-context: a", "current-context : a", "kind: Config", "",
    ]) func everythingElseIsLeftToKubectl(_ file: String) throws { #expect(try current(file) == nil) }

    @Test func theFirstFileThatSetsItCounts() throws {
        let none = "current-context: \"\"\n"
        #expect(try current("kind: Config", none, "current-context: a", "current-context: b") == "a")
        #expect(try current("{}", "current-context: a") == "a")
        for other in ["{\"current-context\": \"a\"}", "current-context : a", "'current-context': a"] {
            #expect(try current(other, "current-context: b") == nil)
        }
    }

    @Test func aFileThatCannotBeReadIsLeftToKubectl() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("current-context: a", to: "config")
        #expect(current(in: ["\(folder.path)/none", file]) == nil)
    }
}
