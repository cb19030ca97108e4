import FoundationEssentials
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

    /// While the first page is still being filled, by tools that would never end.
    @Test func aClosedWindowEndsTheProgramAndWhatItAsks() async throws {
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(in: folder, tools: [.kubectl])
            let started = "\(folder)/started"
            try laptop.replace(
                "kubectl", with: "echo $$ >> '\(started)'; while :; do /usr/bin/sleep 0.1; done")
            func text(_ path: String) -> String {
                String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            }
            let terminal = try laptop.open()
            try await terminal.page("BuildKit installer")
            try await eventually("a tool is at work") { !text(started).isEmpty }
            await terminal.hangUp()
            #expect(try await terminal.waitForEnd() == .exited(130))
            try await eventually("no tool runs", within: .seconds(30)) {
                // A process that has ended has no command line.
                text(started).split(separator: "\n").allSatisfy { text("/proc/\($0)/cmdline").isEmpty }
            }
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
