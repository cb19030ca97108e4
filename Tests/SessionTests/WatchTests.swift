import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// `status --watch`: only the status page.
@Suite struct WatchTests {
    @Test func theStatusIsTakenAgainAndTheScreenIsGivenBack() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("status", "--watch")
            try await terminal.page("Status", with: "is unhealthy")
            try await terminal.type("r")
            try await terminal.page("Status", with: "is unhealthy")
            try await terminal.type("q")
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func withoutATerminalItIsRefused() async throws {
        try await withBareLaptop { laptop in
            let outcome = try await laptop.installer.run("status", "--watch")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--watch requires a terminal"))
        }
    }
}
