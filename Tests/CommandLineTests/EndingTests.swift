import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// After a query has ended in any way, none of its processes continues.
@Suite(.timeLimit(.minutes(10)))
struct EndingTests {
    /// Prints its process number, and runs until it is ended, as `kubectl port-forward` does.
    private static let tool = #"echo $$ >> "$TMPDIR/started"; while :; do sleep 0.1; done"#

    private static let looks: [[String]] = [
        ["status"], ["doctor", "--no-build"], ["rotate", "--check"], ["rotate", "--yes"],
        ["install", "--dry-run"], ["install", "--yes"], ["client", "list"], ["client", "add", "ci", "--yes"],
        ["client", "revoke", "ci", "--yes"], ["sleep"], ["wake"], ["uninstall", "--yes"],
        ["install", "--print-commands"],
    ]

    private func started(_ machine: Machine) -> [pid_t] {
        let text =
            (try? String(contentsOf: URL(filePath: "\(machine.root)/tmp/started"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let status = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return false }
        let state = String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
            .first
        return state != "Z" && state != "X"
    }

    private func machine(in folder: String) throws -> Machine {
        try Machine(in: folder, tools: ["kubectl": Self.tool, "helm": Self.tool, "docker": Self.tool])
    }

    @Test(arguments: looks, [SIGINT, SIGTERM, SIGHUP])
    func aSignalWhileLookingEndsAllThatWasStarted(_ arguments: [String], _ number: CInt) async throws {
        try await withTemporaryFolder { folder in
            let machine = try machine(in: folder)
            let status = try await machine.installer.status(
                of: arguments,
                whileRunning: { process in
                    try await eventually("a tool is at work") { !started(machine).isEmpty }
                    kill(process, number)
                })
            #expect(status == 130)
            try await expectNoTool(of: machine)
            #expect(try machine.files(below: "tmp") == ["started"])
        }
    }

    @Test func whatAKilledLookLeftIsEndedByTheNextRun() async throws {
        try await withTemporaryFolder { folder in
            let machine = try machine(in: folder)
            _ = try await machine.installer.status(
                of: ["status"],
                whileRunning: { process in
                    try await eventually("a tool is at work") { !started(machine).isEmpty }
                    kill(process, SIGKILL)
                })
            let left = started(machine).filter(isRunning)
            #expect(!left.isEmpty)
            // It finds no cluster either, and is ended as well; the test checks its first actions.
            let next = ["install", "--yes", "--context", "other"]
            _ = try await machine.installer.status(
                of: next,
                whileRunning: { process in
                    try await eventually("what was left is gone") { left.filter(isRunning).isEmpty }
                    kill(process, SIGTERM)
                })
            try await expectNoTool(of: machine)
        }
    }

    /// A process that was killed takes a moment to go; one that was not runs for ever.
    private func expectNoTool(of machine: Machine) async throws {
        try await eventually("no tool runs", within: .seconds(30)) {
            started(machine).filter(isRunning).isEmpty
        }
    }
}
