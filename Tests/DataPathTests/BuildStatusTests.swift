import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The status of an installation that works.
@Suite(.serialized, .installedOnce) struct BuildStatusTests {
    private let installation: Installation

    init() throws {
        installation = try .current
        try installation.laptop.forwardOnce(to: installation.pods.ports)
    }

    @Test func whatWorksIsWell() async throws {
        try await eventually("the build of the installation is over") {
            try await status().output.contains("\n  Builds       0 active, 0 queued\n")
        }
        let outcome = try await status()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("of context test).\n"))
        #expect(
            outcome.output.contains(
                "127.0.0.1:\(installation.port) responded over TLSv1.3 and HTTP/2\n"), "\(outcome)")
        #expect(outcome.output.contains("; the proxy accepts its certificate\n"))
        #expect(
            outcome.output.contains("server: expires in 334 days (this machine, Secret, served)\n"),
            "\(outcome)")
    }

    @Test func aBuildThatRunsIsCounted() async throws {
        let build = try SampleBuild(in: installation.folder)
        try await build.whileRunning(with: installation.laptop.docker, builder: "remote-kubernetes") {
            try await eventually("the build is in the status") {
                try await status().output.contains("\n  Builds       1 active, 0 queued\n")
            }
        }
    }

    @Test func certificatesThatEndSoonHaveAnExitStatusOfTheirOwn() async throws {
        let outcome = try await status("--fail-under-days", "400")
        #expect(outcome.status == 3, "\(outcome)")
        #expect(outcome.output.contains("but a certificate expires soon.\n"))
    }

    private func status(_ more: String...) async throws -> Outcome {
        try await installation.laptop.installer.run(
            ["status", "--namespace", installation.namespace.name, "--certs", installation.certificates.path]
                + more)
    }
}
