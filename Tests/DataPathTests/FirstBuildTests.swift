import LabSupport
import Testing

@Suite struct FirstBuildTests {
    @Test func anInstallEndsWithABuilderThatRunsSteps() async throws {
        try await Installation.whileRunning { installation in
            #expect(
                installation.outcome.output.contains(
                    "BuildKit is installed; the test build succeeded."))
            let docker = installation.laptop.docker
            let sample = try SampleBuild(in: installation.folder)
            #expect(try await sample.run(with: docker, builder: "remote-kubernetes") == "0\n")
            // The install has made it the current builder.
            #expect(try await sample.run(with: docker) == "0\n")
            let again = try await installation.laptop.installer.run(
                Installation.command(in: installation.namespace, port: installation.port)
                    + ["--sans", Installation.name])
            #expect(again.output.contains("Nothing to change; a test connection follows"), "\(again)")
            #expect(again.output.contains("Nothing to change; the builder is running."), "\(again)")
        }
    }
}
