import FoundationEssentials
@testable import Installer
import Testing
@testable import buildkit_installer

/// Failures in `--output json` name what they are about.
@Suite struct JSONLinesTests {
    private func object(_ line: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(line))
    }

    @Test func eachFailureOfARollbackNamesItsStep() throws {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let steps = ["namespace", "release"].map {
            Step(id: $0, title: $0, action: .unpackChart(folder: "/chart"))
        }
        var run = RunState(Plan(title: "Install", installation: installation, steps: steps))
        run.apply(.failed(step: "release", failure: InstallerError("No"), at: .distantPast))
        for (step, code) in [("release", ErrorCode.changedMeanwhile), ("namespace", .objectKept)] {
            run.apply(
                .undoFailed(step: step, failure: InstallerError("Kept", code: code), at: .distantPast))
        }
        let dependencies = Dependencies(
            runner: ReplayRunner([ReplayRunner.Recording]()), environment: [:], home: "/nonexistent")
        let summary = RunSummary(run, of: .install, Answers(), dependencies: dependencies)
        let result = try object(ResultLine(summary))
        #expect(result["failure"]?["id"] == "step/release")
        let failures = result["rollbackFailures"]?.array ?? []
        #expect(failures.compactMap { $0["id"]?.string } == ["step/release", "step/namespace"])
        #expect(failures.compactMap { $0["code"]?.string } == ["ChangedMeanwhile", "ObjectKept"])
        #expect(
            failures.compactMap { $0["docs"]?.string } == [
                "docs/troubleshooting.md#ChangedMeanwhile", "docs/troubleshooting.md#ObjectKept",
            ])
    }

    @Test(arguments: [
        RunEvent.failed(step: "release", failure: InstallerError("No"), at: .distantPast),
        .undoFailed(step: "release", failure: InstallerError("No"), at: .distantPast),
    ])
    func anEventOfAFailureNamesItsStep(_ event: RunEvent) throws {
        let line = try object(#require(EventLine(event)))
        #expect(line["failure"]?["id"] == "step/release")
        #expect(line["step"] == "release")
    }

    @Test(arguments: [
        (InstallerError(unstarted: .helm, on: ""), "ToolMissing", "tool/helm"),
        (
            InstallerError("kubectl failed", code: .toolFailed, subject: "tool/kubectl"), "ToolFailed",
            "tool/kubectl"
        ),
        (InstallerError("No", code: .usage), "Usage", "command-line"),
        (InstallerError("No", code: .invalidAnswer), "InvalidAnswer", "settings"),
        (InstallerError("No", code: .checksFailed), "ChecksFailed", "checks"),
        (InstallerError("No", code: .inputUnreadable), "InputUnreadable", "file"),
        (InstallerError("No", code: .buildsActive), "BuildsActive", "installation"),
        (PlanRefusal(unread: []).failure, "ReadableCheck", "plan"),
    ])
    func aFailureWithoutAStepSaysWhatItIsAbout(_ failure: InstallerError, _ code: String, _ id: String) throws
    {
        let result = try object(ResultLine(failed: failure, status: ExitStatus(failure)))
        #expect(result["failure"]?["code"]?.string == code)
        #expect(result["failure"]?["id"]?.string == id)
        #expect(result["failure"]?["docs"]?.string == "docs/troubleshooting.md#\(code)")
    }
}
