import LabSupport
import Testing

/// An uninstall while builds are running.
@Suite(.serialized) struct UninstallUnderBuildsTests {
    @Test func buildsAreWaitedForUnlessTheyAreToBeBrokenOff() async throws {
        try await Installation.whileRunning { installation in
            let laptop = installation.laptop
            try laptop.forward(to: installation.pods.ports)
            let build = try SampleBuild(in: installation.folder)
            func uninstall(_ more: String...) async throws -> Outcome {
                try await laptop.installer.run(
                    ["uninstall", "--yes", "--everything", "--namespace", installation.namespace.name] + more)
            }
            try await build.whileRunning(with: laptop.docker) {
                let waited = try await uninstall("--timeout", "4")
                #expect(waited.status == 1, "\(waited)")
                #expect(waited.errors.contains("Builds are still running after 4 seconds"), "\(waited)")
                #expect(waited.errors.contains("cancel them with --force"))
                #expect(try await build.run(with: laptop.docker) == "0\n")
            }
            try await build.whileRunning(with: laptop.docker) {
                let forced = try await uninstall("--force")
                #expect(forced.succeeded, "\(forced)")
                #expect(!forced.output.contains("Wait until no builds are running"), "\(forced)")
            }
            let again = try await uninstall()
            #expect(again.output.contains("Nothing to remove."), "\(again)")
        }
    }
}
