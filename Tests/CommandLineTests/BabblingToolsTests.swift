import FoundationEssentials
import LabSupport
import Testing

/// Tools that succeed and answer what no tool would: no command crashes, changes anything, or claims success.
@Suite(.timeLimit(.minutes(10)))
struct BabblingToolsTests {
    private static let answers = [
        "nested": #"head -c 2000 /dev/zero | tr '\0' '['"#,
        "of other types": """
        printf '%s' '{"items":[{"metadata":{"name":5}}],"spec":{"ports":[{"port":1e300,"nodePort":1e300}]},"status":7}'
        """,
        "a list": "echo '[1,2]'",
        "null": "echo null",
        "a version": "echo v99999999999999999999999.1",
        "nothing": ":",
    ]

    /// The Lease is the only object that a run may create before its checks.
    private static let changes = [
        "kubectl apply ", "kubectl patch ", "kubectl annotate ", "kubectl scale ", "kubectl rollout ",
        "kubectl create namespace", "kubectl delete namespace", "kubectl delete secret",
        "helm install ", "helm upgrade ", "helm uninstall ", "helm rollback ",
        "docker buildx create ", "docker buildx rm ", "docker buildx use ",
    ]

    @Test(
        arguments: [
            ["install", "--yes"], ["rotate", "--yes"], ["client", "add", "bob", "--yes"], ["sleep", "--yes"],
            ["uninstall", "--everything", "--yes"], ["status"],
        ], answers.keys.sorted())
    func nothingIsChangedOnAnAnswerThatIsNone(_ arguments: [String], _ answer: String) async throws {
        try await withTemporaryFolder { folder in
            let babble = try #require(Self.answers[answer])
            let tools = ["kubectl", "helm", "docker"].map { tool in
                (tool, "printf '%s\\n' \"\(tool) $*\" >> \"$TMPDIR/calls\"\n\(babble)")
            }
            let machine = try Machine(in: folder, tools: Dictionary(uniqueKeysWithValues: tools))
            let outcome = try await machine.installer.run(arguments)
            #expect([1, 69].contains(outcome.status), "\(outcome)")
            let calls = try String(contentsOf: URL(filePath: "\(folder)/tmp/calls"), encoding: .utf8)
            for change in Self.changes { #expect(!calls.contains(change), "\(calls)") }
            #expect(try !machine.files(below: "home").contains { $0.hasSuffix("key.pem") })
        }
    }
}
