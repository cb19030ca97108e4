import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

@Suite struct WizardBuildTests {
    @Test func theWizardGoesFromItsFirstPageToAFinishedBuild() async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let port = try freePort()
                try await LocalPods(namespace: namespace).whileRunning {
                    let terminal = try laptop.open(
                        "--namespace", namespace.name, "--exposure", "load-balancer", "--port", "\(port)",
                        "--sans", Installation.name, "--cache", "none")
                    try await terminal.walk(to: "Review")
                    try await terminal.page("Review", with: "No changes have been made yet.")
                    try await terminal.type("i")
                    try await terminal.page("Progress")
                    try await terminal.wait(for: "the end of the installation", patience: .seconds(300)) {
                        $0.isPage("Done")
                    }
                    try await terminal.press(.enter)
                    #expect(try await terminal.waitForEnd() == .exited(0))
                    #expect(
                        await terminal.screenshot.text.contains(
                            "BuildKit is installed; the test build succeeded."))
                    let sample = try SampleBuild(in: folder)
                    #expect(try await sample.run(with: laptop.docker, builder: "remote-kubernetes") == "0\n")
                }
            }
        }
    }
}
