import Installer
import LabSupport
import Testing

/// `--output json`: the output for programs.
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
                #expect(own.filter { !["printed", "pods"].contains($0) } == ["started", "finished"])
            }
            let result = try outcome.result()
            #expect(
                result.object.keys.sorted() == [
                    "buildVerified", "builder", "certificates", "endpoint", "exitStatus", "installation",
                    "message",
                    "next",
                    "notes", "outcome", "rollbackFailures", "rolledBack", "schemaVersion", "timestamp",
                    "type",
                ])
            #expect(result["outcome"] == "installed")
            #expect(result["installation"]?["namespace"]?.string == installation.namespace)
        }
    }

    @Test func everyLineIsAsThePublishedSchemaSays() async throws {
        try await Installation.begin { installation in
            let installer = installation.laptop.installer
            let place = ["--namespace", installation.namespace, "--output", "json"]
            var output = try await installer.run(
                ["install", "--dry-run"] + installation.answers + ["--output", "json"]
            ).output
            output += try await installation.install("--output", "json").output
            output += try await installer.run(["status"] + place).output
            output += try await installer.run(["client", "list"] + place).output
            output += try await installer.run(["rotate", "--check"] + place).output
            output += try await installer.run(["doctor", "--no-build"] + place).output
            output += try await installer.run(["sleep", "--yes"] + place).output
            output += try await installer.run(["uninstall", "--everything", "--force", "--yes"] + place)
                .output
            #expect(try await PublishedSchema.violations(in: output, by: installer) == "")
        }
    }

    @Test func aFailureIsAResultToo() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.install(
                "--image", "example.com/unready:1", "--timeout", "12", "--output", "json")
            #expect(outcome.status == 1)
            let result = try outcome.result()
            #expect(result["outcome"] == "failed")
            #expect(result["rolledBack"] == true)
            #expect(
                result["failure"]?.object.keys.sorted() == [
                    "code", "detail", "docs", "hint", "id", "message",
                ])
        }
    }

    @Test func aRefusalIsAResultToo() async throws {
        try await Installation.begin(tools: [.kubectl, .docker]) { installation in
            let outcome = try await installation.install("--output", "json")
            #expect(outcome.status == 69)
            #expect(try outcome.result()["outcome"] == "refused")
            #expect(try outcome.result()["failure"]?["code"] == "ChecksFailed")
            // A plan that would not be run is not printed.
            #expect(try !outcome.reports().contains { $0["type"] == "plan" })
            let wrong = try await installation.laptop.installer.run(
                "install", "--yes", "--port", "0", "--output", "json")
            #expect(wrong.status == 64)
            #expect(try wrong.reports().first?["errors"]?.array.count == 1)
            #expect(try wrong.result()["outcome"] == "refused")
            #expect(try wrong.result()["failure"]?["code"] == "InvalidAnswer")
        }
    }
}
