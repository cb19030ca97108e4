import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Names that others have chosen, on the screens of the built program.
@Suite struct OutsideNamesTests {
    /// A window title, a C1 sequence, and right-to-left text.
    private static let name = "te\u{1B}]0;TITLE\u{7}\u{9B}31m\u{202E}st"

    @Test func aContextIsSpelledOutAndDoesNothingToTheTerminal() async throws {
        try await Cluster.withLaptop { cluster in
            let real = try await ControlPlane.shared.kubeconfig
            let kubeconfig = "\(cluster.laptop.home)/kubeconfig"
            try FileManager.default.copyItem(atPath: real, toPath: kubeconfig)
            try await Program(.kubectl, environment: ["KUBECONFIG": kubeconfig]).require(
                "config", "rename-context", "test", Self.name)
            let terminal = try cluster.laptop.open(
                "--namespace", cluster.namespace, environment: ["KUBECONFIG": kubeconfig], columns: 140)
            try await terminal.page("BuildKit installer", with: "te^[]0;TITLE")
            try await terminal.press(.enter)
            for page in ["Install BuildKit", "Checks", "Address"] {
                try await terminal.page(page)
                try await terminal.proceed(from: page)
            }
            try await terminal.press(.control("c"), .control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            for sequence in ["\u{1B}]0;TITLE", "\u{9B}31m", "\u{202E}"] {
                #expect(await !terminal.hasWritten(sequence), "\(sequence.debugDescription)")
            }
        }
    }
}
