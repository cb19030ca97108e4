import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// `status --watch`: the page of the status by itself.
@Suite struct WatchTests {
    @Test func theStatusIsTakenAgainAndTheScreenIsGivenBack() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("status", "--watch")
            try terminal.page("Status", with: "is not well")
            try terminal.type("r")
            try terminal.page("Status", with: "is not well")
            try terminal.type("q")
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(!(terminal.screenshot.text.contains("is not well")))
        }
    }

    @Test func withoutATerminalItIsRefused() async throws {
        try await withBareLaptop { laptop in
            let outcome = try await laptop.installer.run("status", "--watch")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--watch needs a terminal"))
        }
    }
}
