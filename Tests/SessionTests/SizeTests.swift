import LabSupport
import PseudoTerminal
import Testing

/// Windows of other sizes than the usual one, and windows that change.
@Suite struct SizeTests {
    @Test(arguments: [(40, 12), (60, 18), (132, 50)])
    func everyPageIsWholeAtOtherSizes(columns: Int, rows: Int) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("--dry-run", columns: columns, rows: rows)
            try await terminal.page("BuildKit for your team")
            for title in PseudoTerminal.titles.dropFirst() {
                try await terminal.press(.enter)
                try await terminal.page(title)
                if title == "Checks" { try await terminal.wait(untilGone: "looking") }
                try await expectWhole(title, on: terminal)
            }
            try await terminal.type("i")
            try await terminal.page("Rehearsed")
            try await expectWhole("Rehearsed", on: terminal)
        }
    }

    /// What was painted bit by bit is what is painted at once.
    private func expectWhole(_ title: String, on terminal: PseudoTerminal) async throws {
        let before = await terminal.screenshot
        let after = try await terminal.redraw()
        #expect(before.text == after.text, "\(title)")
    }

    @Test func aWindowMayChangeOnEveryPage() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("--dry-run")
            try await terminal.page("BuildKit for your team")
            for title in PseudoTerminal.titles.dropFirst() {
                try await terminal.press(.enter)
                try await terminal.page(title)
                if title == "Checks" { try await terminal.wait(untilGone: "looking") }
                let before = await terminal.screenshot
                for (columns, rows) in [(132, 50), (60, 18), (43, 13)] {
                    await terminal.resize(columns: columns, rows: rows)
                    try await terminal.page(title)
                }
                await terminal.resize(columns: 30, rows: 8)
                try await terminal.wait(for: "Make the window larger")
                await terminal.resize(columns: 80, rows: 24)
                try await terminal.wait(for: "\(title) as it was before") { $0.text == before.text }
            }
        }
    }

    @Test func inAWindowThatIsTooSmallNothingIsTypedBlindly() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 30, rows: 5)
            try await terminal.wait(for: "40×12 are needed.")
            try await terminal.press(.enter)
            try await terminal.waitUntilRead()
            await terminal.resize(columns: 80, rows: 24)
            try await terminal.page("Checks")
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
