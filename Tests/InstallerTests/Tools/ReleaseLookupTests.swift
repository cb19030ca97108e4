@testable import Installer
import Testing

/// The API request of a helm command.
@Suite struct ReleaseLookupTests {
    private let id = InstallationID(context: "production", namespace: "builds", release: "buildkit")

    private func answer(_ command: Command, _ list: String) throws -> CommandResult? {
        try ReleaseLookup(command)?.answer(from: list)
    }

    private func list(values: JSONValue? = nil) async throws -> String {
        let data = try await ReleaseSecrets.data(ReleaseSecrets.record(2, values: values))
        return ReleaseSecrets.list(ReleaseSecrets.secret("2", data: data))
    }

    @Test func theRecordsOfTheReleaseAreAskedFor() {
        for command in [id.helm.history(), id.helm.values(), id.helm.manifest()] {
            let lookup = ReleaseLookup(command)
            #expect(lookup?.installation == id)
            #expect(
                lookup?.path
                    == "/api/v1/namespaces/builds/secrets?labelSelector=name%3Dbuildkit%2Cowner%3Dhelm")
        }
        let current = InstallationID(context: "", namespace: "get", release: "history")
        #expect(ReleaseLookup(current.helm.manifest())?.installation == current)
    }

    @Test func anythingElseIsLeftToHelm() {
        var marked = id.helm.history()
        marked.environment = ["HELM_DEBUG": "1"]
        let all = Command(.helm, ["history", "buildkit", "--output", "json", "--namespace", "builds"])
        let commands = [
            id.helm.uninstall(), id.helm.rollback(to: 1, waits: true), marked, all,
            Command(.helm, ["history"]), Command(.helm, ["version", "--namespace"]),
            Command(.kubectl, id.helm.history().arguments),
        ]
        for command in commands { #expect(ReleaseLookup(command) == nil, "\(command)") }
    }

    @Test func theHistoryIsThatOfHelm() async throws {
        #expect(
            try await answer(id.helm.history(), list())?.output
                == #"[{"app_version":"v0.31.1","chart":"buildkit-0.3.1","description":"Upgrade complete","#
                + #""revision":2,"status":"deployed","updated":"2026-11-22T16:41:00.1+01:00"}]"# + "\n")
    }

    @Test func theValuesAreThoseOfTheUser() async throws {
        let values: JSONValue = ["proxy": ["port": 1234], "text": "a<b>", "none": .null]
        #expect(
            try await answer(id.helm.values(), list(values: values))?.output
                == #"{"none":null,"proxy":{"port":1234},"text":"a<b>"}"# + "\n")
        #expect(try await answer(id.helm.values(), list())?.output == "null\n")
    }

    @Test func theManifestHasNoHooks() async throws {
        #expect(
            try await answer(id.helm.manifest(), list())?.output == "---\n# Source: revision 2\n{}\n\n")
    }

    @Test func aMissingReleaseIsReportedInTheWordsOfHelm() async throws {
        let query = Query<Facts.Release?>.release(id)
        let answers = try query.commands.map { command in
            let result = try #require(try answer(command, ReleaseSecrets.list()))
            #expect(result.status == 1)
            #expect(result.said == "Error: release: not found")
            return ReplayRunner.Recording("\(command)", result)
        }
        #expect(answers.count == 3)
        #expect(try await query.value(from: ReplayRunner(answers, order: .any)) == nil)
    }

    @Test(arguments: [
        ("secrets", true), ("secret", true), ("", true), ("configmap", false), ("sql", false),
        // Helm is never run with it.
        ("memory", true),
    ]) func anotherStoreIsLeftToHelm(_ driver: String, _ isPossible: Bool) {
        #expect(ReleaseLookup.isPossible(in: ["HELM_DRIVER": driver]) == isPossible)
        #expect(ReleaseLookup.isPossible(in: [:]))
    }
}
