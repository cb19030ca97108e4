import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// An answers file that selects some pages.
@Suite struct ChosenPagesTests {
    private func withAnswers(
        _ text: String, _ body: (Laptop, _ file: String) async throws -> Void
    ) async throws {
        try await withBareLaptop { laptop in
            let file = "\(laptop.home)/answers.json"
            try Data(text.utf8).write(to: URL(filePath: file))
            try await body(laptop, file)
        }
    }

    @Test func onATerminalTheOthersAreSkipped() async throws {
        try await withAnswers(#"{"release": "shared", "interactive": ["release"]}"#) { laptop, file in
            let terminal = try laptop.open("install", "--dry-run", "--answers", file)
            try await terminal.page("Install BuildKit")
            try await terminal.type("c")
            try await terminal.page("Checks")
            try await terminal.press(.control("n"))
            try await terminal.page("Namespace and release", with: "shared")
            try await terminal.press(.control("n"))
            try await terminal.page("Review")
            try await terminal.press(.escape)
            try await terminal.page("Namespace and release")
        }
    }

    @Test func whereNobodyIsAskedTheListMeansNothing() async throws {
        try await Cluster.withLaptop { cluster in
            let file = "\(cluster.laptop.home)/answers.json"
            try Data(#"{"namespace": "\#(cluster.namespace)", "interactive": ["release"]}"#.utf8)
                .write(to: URL(filePath: file))
            let outcome = try await cluster.laptop.installer.run(
                "install", "--answers", file, "--print-commands")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("# Create the namespace \(cluster.namespace)\n"))
        }
    }

    @Test func aPageThatThereIsNotIsRefused() async throws {
        try await withAnswers(#"{"interactive": ["relase"]}"#) { laptop, file in
            let outcome = try await laptop.installer.run("install", "--answers", file, "--print-commands")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("'relase' is not a page"))
            #expect(outcome.errors.contains("example: 'release'"))
        }
    }
}
