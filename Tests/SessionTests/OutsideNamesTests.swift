import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Names that others have chosen, on the screens of the built program.
@Suite struct OutsideNamesTests {
    /// A window title, a C1 sequence, and right-to-left text, as YAML has them: kubectl reads all, but writes no C1.
    private static let name = #""te\u001b]0;TITLE\u0007\u009b31m\u202est""#

    /// Where there is no clipboard, what is copied is printed.
    @Test(arguments: ["xterm-256color", "vt100"])
    func aContextIsSpelledOutAndDoesNothingToTheTerminal(type: String) async throws {
        try await Cluster.withLaptop { cluster in
            let kubeconfig = "\(cluster.laptop.home)/kubeconfig"
            try String(contentsOfFile: try await ControlPlane.shared.kubeconfig, encoding: .utf8)
                .replacing("- name: test\n  context:", with: "- name: \(Self.name)\n  context:")
                .replacing("current-context: test", with: "current-context: \(Self.name)")
                .write(toFile: kubeconfig, atomically: true, encoding: .utf8)
            let terminal = try cluster.laptop.open(
                "--namespace", cluster.namespace, environment: ["KUBECONFIG": kubeconfig, "TERM": type],
                columns: 140)
            try await terminal.page("BuildKit installer", with: "te\u{FFFD}]0;TITLE")
            try await terminal.press(.enter)
            for page in ["Install BuildKit", "Checks", "Address"] {
                try await terminal.page(page)
                if type == "vt100", page == "Install BuildKit" {
                    // To the first line, the context.
                    for _ in 0..<15 { try await terminal.press(.up) }
                    try await terminal.type("y")
                    let shown = try await terminal.wait(for: "Press Enter to return.")
                    #expect(shown.text.contains("te^[]0;TITLE^G"))
                    try await terminal.press(.enter)
                    try await terminal.page(page)
                }
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
