import FoundationEssentials
import LabSupport
import Testing

/// `make run` where there is no cluster.
struct TryTests {
    @Test func withoutAClusterAndATerminalAnInstallAndABuildAreDoneInTheLab() async throws {
        try await withTemporaryFolder { folder in
            let scripts = try LabPart.controlPlane.path.replacing("/control-plane/control-plane", with: "")
            let own = ProcessInfo.processInfo.environment
            // A home of its own, but the existing lab.
            let cache = own["XDG_CACHE_HOME"] ?? "\(own["HOME"] ?? "")/.cache"
            let run = Program(
                "\(scripts)/run",
                environment: ["KUBECONFIG": "\(folder)/none", "HOME": folder, "XDG_CACHE_HOME": cache])
            let outcome = try await run.run(try Program.builtInstaller)
            #expect(outcome.status == 0, "\(outcome)")
            #expect((outcome.output + outcome.errors).contains("Hello from a RUN step"))
            #expect(outcome.output.contains("The builder \"remote-kubernetes\" works"))
            // The user's own files are not changed.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}
