import FoundationEssentials
import LabSupport
import Testing

/// `make run` where there is no cluster.
struct TryTests {
    @Test func withoutAClusterAndATerminalAnInstallAndABuildAreDoneInTheLab() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await run(at: folder).run(try Program.builtInstaller)
            #expect(outcome.status == 0, "\(outcome)")
            #expect((outcome.output + outcome.errors).contains("Hello from a RUN step"))
            #expect(outcome.output.contains("The builder \"remote-kubernetes\" works"))
            // The user's own files are not changed.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    /// A step runs in the background, where Ctrl-C does not reach it.
    @Test func endedInTheMiddleOfAStepItLeavesNoProcess() async throws {
        try await withTemporaryFolder { folder in
            try await run(at: folder).whileRunning([try Program.builtInstaller], ready: "[3/5]") { running in
                running.terminate()
                try await eventually("the lab is removed") { running.log.hasEnded }
                #expect(running.log.contains("Removing the lab"))
            }
            // Every process that it started has its home.
            let search = "grep -lsaF HOME=\(folder) /proc/[0-9]*/environ"
            try await eventually("its last process has ended") {
                try await Program("sh").run("-c", search).output.isEmpty
            }
        }
    }

    /// The script with a home of its own and no cluster, but the existing lab.
    private func run(at home: String) throws -> Program {
        let scripts = try LabPart.controlPlane.path.replacing("/control-plane/control-plane", with: "")
        let own = ProcessInfo.processInfo.environment
        let cache = own["XDG_CACHE_HOME"] ?? "\(own["HOME"] ?? "")/.cache"
        return Program(
            "\(scripts)/run",
            environment: ["KUBECONFIG": "\(home)/none", "HOME": home, "XDG_CACHE_HOME": cache])
    }
}
