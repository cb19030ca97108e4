import LabSupport
import Testing

@Suite struct InstallTests {
    @Test func aRehearsalOnAMachineWithNothingPrintsThePlanAndEndsWell() async throws {
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(in: folder, tools: [])
            let outcome = try await laptop.installer.run("install", "--dry-run")
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("1. Create the namespace buildkit"))
        }
    }
}
