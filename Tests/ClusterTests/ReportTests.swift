import Installer
import LabSupport
import Testing

/// `--output json`: what programs read.
@Suite struct ReportTests {
    @Test func everyLineIsJSONAndTheLastIsTheResult() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.install("--output", "json")
            #expect(outcome.errors.isEmpty)
            let reports = try outcome.reports()
            #expect(reports[0]["checks"]?.array.count ?? 0 > 10)
            #expect(
                try outcome.plannedSteps() == [
                    "namespace", "certificates", "envoy-secret", "buildkit-secret", "chart", "release",
                    "builder",
                ])
            let events = reports.compactMap { $0["event"]?.string }
            #expect(events.first == "began")
            #expect(events.last == "ended")
            for step in try outcome.plannedSteps() {
                let own = reports.filter { $0["step"]?.string == step }.compactMap { $0["event"]?.string }
                #expect(own.filter { $0 != "printed" } == ["started", "finished"])
            }
            let result = try outcome.result()
            #expect(
                result.object.keys.sorted() == [
                    "builder", "certificates", "certificatesEnd", "headline", "next", "outcome", "proven",
                    "remarks", "site", "undoFailures", "undone",
                ])
            #expect(result["outcome"] == "installed")
            #expect(result["site"]?["namespace"]?.string == installation.namespace)
        }
    }

    @Test func aFailureIsAResultToo() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.install(
                "--image", "example.com/unready:1", "--timeout", "4", "--output", "json")
            #expect(outcome.status == 1)
            let result = try outcome.result()
            #expect(result["outcome"] == "failed")
            #expect(result["undone"] == true)
            #expect(result["failure"]?.object.keys.sorted() == ["detail", "hint", "message"])
        }
    }

    @Test func aRefusalIsAResultToo() async throws {
        try await Installation.begin(tools: [.kubectl, .docker]) { installation in
            let outcome = try await installation.install("--output", "json")
            #expect(outcome.status == 69)
            #expect(try outcome.result() == ["outcome": "refused"])
            let wrong = try await installation.laptop.installer.run(
                "install", "--yes", "--port", "0", "--output", "json")
            #expect(wrong.status == 64)
            #expect(try wrong.reports().first?["problems"]?.array.count == 1)
            #expect(try wrong.result() == ["outcome": "refused"])
        }
    }
}
