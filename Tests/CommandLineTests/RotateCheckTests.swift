import FoundationEssentials
import LabSupport
import Testing

/// `rotate --check` for a timer, which sees only its exit status.
@Suite(.timeLimit(.minutes(10)))
struct RotateCheckTests {
    /// A machine with certificates, whose cluster does not respond.
    private func withMachine(_ body: (Machine, _ check: [String]) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let silent = "echo 'The connection to the server 127.0.0.1:1 was refused' >&2; exit 1"
            let machine = try Machine(
                in: folder, tools: ["kubectl": silent, "helm": silent, "docker": silent])
            let certificates = "\(folder)/certificates"
            let issued = try await machine.installer.run(
                "issue", "--certs", certificates, "--sans", "builder.test")
            #expect(issued.succeeded, "\(issued)")
            try await body(machine, ["rotate", "--check", "--certs", certificates])
        }
    }

    @Test func whatCouldNotBeReadIsNoSuccess() async throws {
        try await withMachine { machine, check in
            let text = try await machine.installer.run(check + ["--context", "test"])
            #expect(text.status == 1, "\(text)")
            #expect(
                text.output.contains("No certificate that could be read expires within 30 days."), "\(text)")
            #expect(text.output.contains("Certificates in the cluster could not be read: "), "\(text)")
            let json = try await machine.installer.run(check + ["--context", "test", "--output", "json"])
            #expect(json.status == 1, "\(json)")
            #expect(json.output.contains(#""message":"No certificate that could be read expires"#), "\(json)")
            // A certificate that is due matters more.
            let due = try await machine.installer.run(check + ["--context", "test", "--if-due", "400d"])
            #expect(due.status == 3, "\(due)")
        }
    }

    /// A timer often lacks the environment of its user.
    @Test func withoutAKubeconfigNothingIsClaimed() async throws {
        try await withMachine { machine, check in
            let outcome = try await machine.installer.run(check)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(!outcome.output.contains("No certificate expires"), "\(outcome)")
        }
    }
}
