import FoundationEssentials
import Glibc
import LabSupport

extension Installation {
    /// Installs, sends the installer a signal when a condition is met, and returns its outcome.
    /// - Parameter moment: receives the output of the installer so far.
    func install(
        _ more: [String], signal: Int32, when moment: (String) async throws -> Bool
    ) async throws -> Outcome {
        try await run(["install", "--yes"] + answers + more, signal: signal, when: moment)
    }

    /// The same with any command.
    func run(
        _ command: [String], signal: Int32, when moment: (String) async throws -> Bool
    ) async throws -> Outcome {
        try await withInstaller(running: command) { process in
            try await before(itEnds: "the installer is where it is to be stopped") { try await moment(said) }
            kill(process, signal)
        }
    }

    /// Waits for a condition while the installer runs concurrently.
    func before(itEnds expectation: String, _ condition: () async throws -> Bool) async throws {
        try await eventually(expectation) {
            if try await condition() { return true }
            guard said.contains(#""type":"result""#) else { return false }
            throw LabFailure("The installer ended before \(expectation):\n\(said)")
        }
    }

    /// Installs with a concurrent `body`, which receives the installer's process.
    func withInstaller(_ more: [String], _ body: (pid_t) async throws -> Void) async throws -> Outcome {
        try await withInstaller(running: ["install", "--yes"] + answers + more, body)
    }

    private func withInstaller(
        running arguments: [String], _ body: (pid_t) async throws -> Void
    ) async throws -> Outcome {
        for name in ["process", "said"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        let shell = Program("/bin/sh", environment: laptop.installer.environment)
        let script = "echo $$ > '\(folder)/process'; exec \"$@\" > '\(folder)/said'"
        let command = [laptop.installer.path] + arguments + ["--output", "json"]
        async let ending = shell.run(["-c", script, "sh"] + command)
        try await eventually("the installer runs") { try text("\(folder)/said") != nil }
        let process = try text("\(folder)/process").flatMap { pid_t($0.filter(\.isNumber)) }
        do { try await body(process ?? 0) } catch {
            // The awaited condition will not be met: the run must not outlive the test.
            if let process { kill(process, SIGKILL) }
            throw error
        }
        let ended = try await ending
        return Outcome(status: ended.status, output: said, errors: ended.errors)
    }

    /// The standard output of the installer.
    var said: String {
        // The file exists before the installer starts; a line may be truncated.
        (try? String(contentsOf: URL(filePath: "\(folder)/said"), encoding: .utf8)) ?? ""
    }
}
