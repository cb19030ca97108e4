import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Windows of unusual sizes, and windows that are resized.
@Suite struct SizeTests {
    @Test(arguments: [(40, 12), (60, 18), (132, 50)])
    func everyPageIsWholeAtOtherSizes(columns: Int, rows: Int) async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open("install", "--dry-run", columns: columns, rows: rows)
            try await terminal.walkThereAndBack { title, shot in #expect(shot.hasFrame, "\(title)") }
            for (page, next) in zip(PseudoTerminal.titles.dropFirst(), PseudoTerminal.titles.dropFirst(2)) {
                try await terminal.proceed(from: page)
                try await terminal.page(next)
            }
            try await terminal.page("Review", with: "Dry run: no changes will be made.")
            try await terminal.type("i")
            #expect(try await terminal.repaint("Done").hasFrame)
        }
    }

    @Test func theDetailsOfACheckDoNotHideTheChecks() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 40, rows: 12)
            try await terminal.page("Install BuildKit")
            try await terminal.type("c")
            try await terminal.page("Checks", with: "kubectl")
            try await terminal.wait(for: "the detail below the check") { shot in
                shot.text.contains("✗ kubectl not found: It is not on the\n   PATH.\n")
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
                try await terminal.wait(for: "Window too small")
                await terminal.resize(columns: 80, rows: 24)
                try await terminal.wait(for: "\(title) as it was before") { $0.text == before.text }
                if title != "Review" { try await terminal.proceed(from: title) }
            }
        }
    }

    @Test func inAWindowThatIsTooSmallNothingIsTypedBlindly() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 30, rows: 5)
            try await terminal.wait(for: "at least 40×12")
            try await terminal.press(.enter)
            try await terminal.waitUntilRead()
            await terminal.resize(columns: 80, rows: 24)
            try await terminal.page("Install BuildKit")
        }
    }

    @Test func whatIsSaidInASmallWindowIsASCIIWhereThatIsAllThereIs() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open(
                "install", "--dry-run", environment: ["LANG": "C"], columns: 30, rows: 5)
            try await terminal.wait(for: "at least 40x12")
        }
    }

    @Test func aWindowThatIsTooSmallCanBeLeft() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 30, rows: 5)
            try await terminal.wait(for: "Window too small")
            try await terminal.press(.control("c"))
            try await terminal.press(.control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
        }
    }
}
