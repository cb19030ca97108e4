import FoundationEssentials
import LabSupport
import Testing

/// Where the program's own files are, if the environment does not say so.
@Suite struct HomeTests {
    @Test func aRelativeHomeIsRefusedAndNothingIsWritten() async throws {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: folder, tools: [:], environment: ["HOME": "rel"])
            let shell = Program("/bin/sh", environment: machine.installer.environment)
            let outcome = try await shell.run(
                "-c", #"cd "$1" && shift && exec "$@""#, "sh", folder, machine.installer.path,
                "issue", "--sans", "a.example")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("HOME is rel, which is not an absolute path"), "\(outcome)")
            #expect(try !machine.files().contains { $0.hasSuffix(".pem") })
        }
    }
}
