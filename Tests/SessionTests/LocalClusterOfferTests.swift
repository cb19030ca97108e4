import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// A machine without a cluster, but with a tool that creates one.
@Suite struct LocalClusterOfferTests {
    @Test func aClusterIsMadeOnRequestAndTheWizardOpensOnIt() async throws {
        try await withKind { laptop in
            let terminal = try laptop.open()
            try await terminal.wait(for: "kind create cluster --name buildkit --wait 180s")
            try await terminal.wait(for: "Number, or Enter to continue without a cluster:")
            try await terminal.type("1")
            try await terminal.press(.enter)
            try await terminal.page("BuildKit installer", with: "kind-buildkit")
            try await terminal.type("q")
            #expect(try await terminal.waitForEnd() == .exited(0))
            let uninstall = try await laptop.installer.run("uninstall", "--dry-run")
            #expect(uninstall.output.contains("kind cluster buildkit"), "\(uninstall)")
        }
    }

    @Test func withoutAnAnswerNothingIsMade() async throws {
        try await withKind { laptop in
            let terminal = try laptop.open()
            try await terminal.wait(for: "Number, or Enter to continue without a cluster:")
            try await terminal.press(.enter)
            try await terminal.page("BuildKit installer")
            try await terminal.type("q")
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(!FileManager.default.fileExists(atPath: "\(laptop.home)/calls"))
        }
    }

    @Test func aClusterThatCannotBeMadeEndsTheRunWithTheToolsWords() async throws {
        try await withKind(failing: true) { laptop in
            let terminal = try laptop.open()
            try await terminal.wait(for: "Number, or Enter to continue without a cluster:")
            try await terminal.type("1")
            try await terminal.press(.enter)
            #expect(try await terminal.waitForEnd() == .exited(1))
            let screen = try await terminal.wait(for: "Delete the incomplete cluster: kind delete cluster")
            #expect(screen.text.contains("ERROR: no Docker engine"))
        }
    }

    @Test func nothingIsOfferedWhereACommandLineIsUsed() async throws {
        try await withKind { laptop in
            let outcome = try await laptop.installer.run("install", "--yes")
            #expect(outcome.status == 69)
            #expect(!FileManager.default.fileExists(atPath: "\(laptop.home)/calls"))
        }
    }

    /// - Parameter failing: whether its kind has no container engine.
    private func withKind(failing: Bool = false, _ body: (Laptop) async throws -> Void) async throws {
        let kubeconfig = try await ControlPlane.shared.kubeconfig
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(in: folder)
            // The lab's control plane replaces the one that kind would start.
            let script = """
                [ "$*" = "get clusters" ] && exit
                echo "$*" >> "\(laptop.home)/calls"
                \(failing ? "echo 'ERROR: no Docker engine' >&2; exit 1" : "")
                echo "Creating cluster ..."
                /bin/cp "\(kubeconfig)" "$KUBECONFIG" && exec kubectl config rename-context test kind-buildkit
                """
            try StandIn.write(script, to: "\(laptop.programs)/kind")
            try await body(laptop)
        }
    }
}
