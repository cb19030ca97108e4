import LabSupport
import Testing

@Suite struct FirstBuildTests {
    @Test func anInstallEndsWithABuilderThatRunsSteps() async throws {
        try await Installation.whileRunning { installation in
            #expect(
                installation.outcome.output.contains(
                    "BuildKit is installed, and a real build went through it."))
            let docker = installation.laptop.docker
            let sample = try SampleBuild(in: installation.folder)
            #expect(try await sample.run(with: docker, builder: "remote-kubernetes") == "0\n")
            // The install has made it the current one.
            #expect(try await sample.run(with: docker) == "0\n")
        }
    }
}
