import Glibc

/// The two ends of a pseudo-terminal: the window's, and the program's.
struct TerminalPair: ~Copyable {
    let master: Int32
    private let slave: Int32
    let path: String

    init(columns: Int, rows: Int) throws {
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ends.master, &ends.slave, &name, nil, &size) == 0 else {
            throw PseudoTerminal.Failure(
                description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        (master, slave) = ends
        path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // Another test's program must not keep this terminal open.
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit { close(slave) }

    /// The terminal modes, as comparable and readable text.
    var modes: [String] { Self.modes(of: slave) }

    static func modes(of terminal: Int32) -> [String] {
        var raw = termios()
        guard tcgetattr(terminal, &raw) == 0 else { return [] }
        let flags = [
            "input": raw.c_iflag, "output": raw.c_oflag, "control": raw.c_cflag, "local": raw.c_lflag,
        ]
        let characters = withUnsafeBytes(of: raw.c_cc) { $0.enumerated().map { "character \($0) = \($1)" } }
        return flags.sorted { $0.key < $1.key }.map { "\($0) modes = 0x\(String($1, radix: 16))" }
            + characters
    }

    /// The number of bytes that the program has not read yet.
    static func unread(_ path: String) -> Int32 {
        let terminal = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        defer { close(terminal) }
        var count: Int32 = 0
        return ioctl(terminal, UInt(FIONREAD), &count) == 0 ? count : 0
    }

    /// Starts a program as the leader of a new session with this terminal: it opens the terminal itself.
    func spawn(
        _ program: String, arguments: [String], environment: [String: String], input: String?, output: String?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // By standard error, as the others may be files; the first terminal that a session leader opens becomes its
        // controlling terminal.
        posix_spawn_file_actions_addopen(&actions, 2, path, O_RDWR, 0)
        if let input {
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 2, 0)
        }
        if let output {
            posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 2, 1)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // POSIX_SPAWN_SETSID, which is not imported; and no signal is ignored or blocked, although it may be in this
        // process.
        let newSession: Int32 = 0x80
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        sigemptyset(&all)
        posix_spawnattr_setsigmask(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))

        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        let outcome = posix_spawn(&process, program, &actions, &attributes, &words, &variables)
        guard outcome == 0 else {
            throw PseudoTerminal.Failure(
                description: "\(program) cannot be started: \(String(cString: strerror(outcome)))")
        }
        return process
    }
}
