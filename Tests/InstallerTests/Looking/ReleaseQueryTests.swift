import Testing

@testable import Installer

@Suite struct ReleaseQueryTests {
    private let query = Query<Facts.Release?>.release(.team)
    private let history = CommandResult(
        output: """
            [{"revision":3,"updated":"2026-11-22T16:40:28.950876469Z","status":"deployed",\
            "chart":"buildkit-0.1.0","app_version":"","description":"Upgrade complete"}]
            """)

    @Test func aReleaseIsItsLastRevision() throws {
        let values = CommandResult(output: #"{"proxy":{"service":{"port":1234}}}"#)
        #expect(
            try query.value(of: history, values)
                == Facts.Release(
                    status: "deployed", revision: 3, chart: "buildkit-0.1.0",
                    values: ["proxy": ["service": ["port": 1234]]]))
    }

    @Test func aReleaseWithoutValuesHasNone() throws {
        #expect(try query.value(of: history, CommandResult(output: "null\n"))??.values == [:])
    }

    @Test func anUnknownReleaseIsNoFailure() throws {
        let unknown = CommandResult(status: 1, errors: "Error: release: not found\n")
        #expect(try query.value(of: unknown, unknown) == .some(nil))
    }

    @Test func helmsLogBeforeItsErrorIsLeftOut() {
        let errors = """
            level=WARN msg="something else"
            Error: kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: \
            connect: connection refused
            """
        let result = CommandResult(status: 1, errors: errors)
        #expect {
            try query.value(of: result, result)
        } throws: { error in
            (error as? Failure)?.detail?.hasPrefix("Error: kubernetes cluster unreachable") == true
        }
    }

    @Test func bothOfItsCommandsNameTheInstallation() {
        #expect(
            query.commands.map(\.description) == [
                "helm history buildkit --max 1 --output json --namespace team --kube-context production",
                "helm get values buildkit --output json --namespace team --kube-context production",
            ])
    }
}
