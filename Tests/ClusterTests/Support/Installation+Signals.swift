import FoundationEssentials
import Glibc
import LabSupport

extension Installation {
    /// Runs the installer, sends it a signal once something is so, and gives how it ended.
    /// - Parameter moment: is given what the installer has said so far.
    func install(
        _ more: [String], signal: Int32, when moment: (String) async throws -> Bool
    ) async throws -> Outcome {
        try await withInstaller(more) { process in
            try await before(itEnds: "the installer is where it is to be stopped") { try await moment(said) }
            kill(process, signal)
        }
    }

    /// Waits until something is so, while the installer runs with a body beside it.
    func before(itEnds expectation: String, _ condition: () async throws -> Bool) async throws {
        try await eventually(expectation) {
            if try await condition() { return true }
            guard said.contains(#""type":"result""#) else { return false }
            throw LabFailure("The installer ended before \(expectation):\n\(said)")
        }
    }

    /// Runs the installer with `body` beside it, which is given its process.
    func withInstaller(_ more: [String], _ body: (pid_t) async throws -> Void) async throws -> Outcome {
        for name in ["process", "said"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        let shell = Program("/bin/sh", environment: laptop.installer.environment)
        let script = "echo $$ > '\(folder)/process'; exec \"$@\" > '\(folder)/said'"
        let command = [laptop.installer.path, "install", "--yes"] + answers + more + ["--output", "json"]
        async let ending = shell.run(["-c", script, "sh"] + command)
        try await eventually("the installer runs") { try text("\(folder)/said") != nil }
        let process = try text("\(folder)/process").flatMap { pid_t($0.filter(\.isNumber)) }
        do { try await body(process ?? 0) } catch {
            // Whatever was waited for will not come: the run must not outlive the test.
            if let process { kill(process, SIGKILL) }
            throw error
        }
        let ended = try await ending
        return Outcome(status: ended.status, output: said, errors: ended.errors)
    }

    /// What the installer has said on its standard output.
    var said: String {
        // It is there before the installer is; a line may be cut.
        (try? String(contentsOf: URL(filePath: "\(folder)/said"), encoding: .utf8)) ?? ""
    }
}
