import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Unexpected ends on a page.
@Suite struct PageEndingTests {
    @Test(arguments: PseudoTerminal.titles) func controlCAsksAndASecondOneLeaves(page: String) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open()
            try await terminal.walk(to: page)
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Quit the installer? No changes were made.")
            try await terminal.type("x")
            try await terminal.wait(untilGone: "Quit the installer?")
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Quit the installer?")
            try await terminal.press(.control("c"))
            #expect(try await terminal.waitForEnd() == .exited(0))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func aSignalOnAPageEndsTheProgram(number: Int32) async throws
    {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open()
            try await terminal.walk(to: "Address")
            await terminal.signal(number)
            #expect(try await terminal.waitForEnd() == .exited(130))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func aCrashOnAPageRestoresTheTerminal() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open()
            try await terminal.walk(to: "Address")
            await terminal.signal(SIGSEGV)
            #expect(try await terminal.waitForEnd() == .killed(signal: SIGSEGV))
            #expect(await terminal.leftovers() == [])
            #expect(await terminal.screenshot.text.contains("The program crashed."))
        }
    }
}
