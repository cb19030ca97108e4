@testable import Installer
import Testing

/// The answer for several kinds, as kubectl prints it.
@Suite struct APIAnswerTests {
    private func refusal(_ kind: String) -> CommandResult {
        CommandResult(
            status: 1,
            errors: "Error from server (Forbidden): \(kind) is forbidden: User \"ada\" cannot list resource "
                + "\"\(kind)\" in API group \"\" in the namespace \"team\"\n")
    }

    @Test func theObjectsOfAllKindsAreOneList() throws {
        let result = CommandResult(listing: [.items([.pod("proxy")]), .items([]), .items([.service])])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(try JSONValue(text: result.output)["items"]?.array == [.pod("proxy"), .service])
    }

    /// Without a refusal, kubectl would be started for each query of a user without rights.
    @Test func aKindThatIsRefusedIsNamedBesideTheOthers() throws {
        let result = CommandResult(
            listing: [.refused(refusal("deployments")), .items([.service]), .refused(refusal("pods"))])
        #expect(result.status == 1)
        #expect(result.errors == refusal("deployments").errors + refusal("pods").errors)
        #expect(try JSONValue(text: result.output)["items"]?.array == [.service])
        let objects = try Query.objects(.team).value(of: result)
        #expect(objects?.refused == ["deployments", "pods"])
        #expect {
            try Query<ReleaseObjects>.pods(of: .team, "proxy").value(of: result)
        } throws: { error in
            (error as? InstallerError)?.detail?.contains("deployments is forbidden") == true
        }
    }

    @Test func anAbsentKindIsTheWholeAnswer() {
        let absence = CommandResult(
            status: 1, errors: "error: the server doesn't have a resource type \"pods\"\n")
        let answers: [APIRequest.List.Answer] = [
            .items([.service]), .refused(refusal("pods")), .absent(absence),
        ]
        #expect(CommandResult(listing: answers) == absence)
    }
}
