import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Windows of other sizes than the usual one, and windows that change.
@Suite struct SizeTests {
    @Test(arguments: [(40, 12), (60, 18), (132, 50)])
    func everyPageIsWholeAtOtherSizes(columns: Int, rows: Int) async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open("install", "--dry-run", columns: columns, rows: rows)
            try await terminal.walkThereAndBack { title, shot in #expect(shot.hasFrame, "\(title)") }
            for title in PseudoTerminal.titles.dropFirst(2) {
                try await terminal.press(.enter)
                try await terminal.page(title)
            }
            try await terminal.page("Review", with: "Dry run: nothing will be changed.")
            try await terminal.type("i")
            #expect(try await terminal.repaint("Rehearsed").hasFrame)
        }
    }

    @Test func theDetailsOfACheckDoNotHideTheChecks() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 40, rows: 12)
            try await terminal.page("Checks", with: "kubectl")
            try await terminal.wait(for: "the detail below the check") { shot in
                shot.text.contains("✗ kubectl was not found: It is not on\n   the PATH.\n")
            }
        }
    }

    @Test func aWindowMayChangeOnEveryPage() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run")
            for title in PseudoTerminal.titles.dropFirst() {
                let before = try await terminal.repaint(title)
                for (columns, rows) in [(132, 50), (60, 18), (43, 13)] {
                    await terminal.resize(columns: columns, rows: rows)
                    try await terminal.page(title)
                }
                await terminal.resize(columns: 30, rows: 8)
                try await terminal.wait(for: "Make the window larger")
                await terminal.resize(columns: 80, rows: 24)
                try await terminal.wait(for: "\(title) as it was before") { $0.text == before.text }
                try await terminal.press(.enter)
            }
        }
    }

    @Test func inAWindowThatIsTooSmallNothingIsTypedBlindly() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 30, rows: 5)
            try await terminal.wait(for: "40×12 are")
            try await terminal.press(.enter)
            try await terminal.waitUntilRead()
            await terminal.resize(columns: 80, rows: 24)
            try await terminal.page("Checks")
        }
    }

    @Test func whatIsSaidInASmallWindowIsASCIIWhereThatIsAllThereIs() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open(
                "install", "--dry-run", environment: ["LANG": "C"], columns: 30, rows: 5)
            try await terminal.wait(for: "40x12 are")
        }
    }

    @Test func aWindowThatIsTooSmallCanBeLeft() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 30, rows: 5)
            try await terminal.wait(for: "Make the window larger")
            try await terminal.press(.control("c"))
            try await terminal.press(.control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
        }
    }
}
