import Foundation
import Glibc
import Testing

/// A child process by `posix_spawn`. Foundation's `Process` waits for a descriptor that children of other tests
/// inherit, so that it can wait indefinitely while servers are running.
final class Child {
    private let pid: pid_t
    private var status: Int32?

    /// - Parameter input: Its standard input; nothing if nil.
    init(_ command: [String], in folder: String, input: Int32? = nil, output: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // Glibc does not provide Swift with a function to change the folder in between.
        let env = ["env", "-C", folder]
        var arguments: [UnsafeMutablePointer<CChar>?] = (env + command).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, env[0], &actions, nil, &arguments, environ)
        try #require(code == 0, "\(command[0]): \(String(cString: strerror(code)))")
        self.pid = pid
    }

    /// Waits for its end and returns its exit status; for a signal 128 plus its number.
    @discardableResult
    func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
        let result = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
        status = result
        return result
    }

    func end() {
        guard status == nil else { return }
        kill(pid, SIGKILL)
        wait()
    }

    deinit { end() }
}
