import Glibc

/// Runs a real program in a terminal of its own, types, and reads the screen.
///
/// It waits for conditions on the screen and never for a fixed time. Its waits block a thread of its own, so that
/// concurrent tests keep theirs.
public actor PseudoTerminal {
    /// How long a test waits for a condition: it only ends a broken test, and no test measures the speed of the machine.
    public static let patience = Duration.seconds(300)

    /// A key that is more than a character.
    public enum Key: Hashable, Sendable {
        case enter, tab, backTab, backspace, escape, up, down, left, right, wordLeft, wordRight
        case delete, home, end, pageUp, pageDown
        case function(Int)
        case control(Character)
    }

    /// How a program ended.
    public enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// The failure, with the screen at that moment.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The process of the program.
    public nonisolated let process: pid_t

    private nonisolated let thread = OwnThread(label: "PseudoTerminal")
    private let emulator: Emulator
    private var master: Int32
    private let path: String
    private let modesBefore: [String]
    private let examine: (@Sendable ([UInt8]) throws -> Void)?
    private var ending: Ending?
    /// The screens on which a test has found what it waited for.
    private var screens: Set<String> = []

    /// Everything that the program has written.
    public private(set) var output: [UInt8] = []

    /// Starts a program with this terminal as its standard input, output and error, and as its controlling
    /// terminal.
    ///
    /// - Parameters:
    ///   - environment: the complete environment, except `PATH`, `HOME`, `TERM` (xterm-256color) and `LANG`
    ///     (C.UTF-8), which have these defaults; nil removes a variable.
    ///   - input: a file that replaces standard input.
    ///   - output: a file that replaces standard output.
    ///   - examine: receives, once the program has ended, everything that it has written, and the screens that the test
    ///     has waited for.
    public init(
        _ program: String, arguments: [String] = [], environment: [String: String?] = [:], columns: Int = 80,
        rows: Int = 24, input: String? = nil, output: String? = nil,
        examine: (@Sendable ([UInt8]) throws -> Void)? = nil
    ) throws {
        let pair = try TerminalPair(columns: columns, rows: rows)
        guard let emulator = Emulator(columns: columns, rows: rows) else {
            throw Failure(description: "libvterm has no memory")
        }
        modesBefore = pair.modes
        process = try pair.spawn(
            program, arguments: arguments, environment: Self.complete(environment), input: input,
            output: output)
        master = pair.master
        path = pair.path
        self.emulator = emulator
        self.examine = examine
    }

    deinit {
        if master >= 0 { close(master) }
        if ending == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    /// The path of an executable of this package in the build folder.
    public static func product(_ name: String) -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count)
        let bytes = path.prefix(max(0, count)).map(UInt8.init(bitPattern:))
        let folder = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[...$0] } ?? []
        return String(decoding: folder, as: UTF8.self) + name
    }

    private static func complete(_ given: [String: String?]) -> [String: String] {
        var result = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
        for name in ["PATH", "HOME"] { result[name] = getenv(name).map { String(cString: $0) } }
        for (name, value) in given { result[name] = value }
        return result
    }
}

// MARK: - Input

extension PseudoTerminal {
    /// Types characters.
    public func type(_ text: String) throws { try send(Array(text.utf8)) }

    /// Presses keys, one after the other.
    public func press(_ keys: Key...) throws {
        for key in keys { try send(emulator.bytes(for: key)) }
    }

    /// Clicks with the left button: the program gets it if it asked for the mouse.
    public func click(column: Int, row: Int) throws {
        try send(emulator.bytes(ofClickAt: (column, row)))
    }

    /// Turns the wheel up by one step.
    public func scrollUp(column: Int, row: Int) throws {
        try send(emulator.bytes(ofScrollUpAt: (column, row)))
    }

    public func paste(_ text: String) throws { try send(emulator.bytes(forPasted: text)) }

    /// Sends bytes unchanged, in one portion.
    public func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("nobody reads what is typed") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends each byte after the program has read the one before, as on a slow line. All of it runs on this
    /// terminal's own thread, so that no other test delays the bytes.
    public func sendOneByOne(_ bytes: some Sequence<UInt8> & Sendable) throws {
        for byte in bytes {
            try send([byte])
            try waitUntilRead()
        }
    }

    /// Waits until the program has read all input: later bytes then arrive separately.
    public func waitUntilRead(patience: Duration = PseudoTerminal.patience) throws {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            guard read(within: 1) != .ended else { throw failure("ended before it read what was typed") }
            if TerminalPair.unread(path) == 0 { return }
        }
        throw failure("what was typed was not read")
    }

    /// Writes over the screen, as a message from the system does.
    public func writeAsAnotherProgram(_ text: String) throws {
        let terminal = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
        defer { close(terminal) }
        let bytes = Array(text.utf8)
        guard write(terminal, bytes, bytes.count) == bytes.count else {
            throw failure("the terminal cannot be written to")
        }
    }

    /// Changes the size, as a user does by resizing the window.
    public func resize(columns: Int, rows: Int) {
        emulator.resize(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    public func signal(_ number: Int32) { kill(process, number) }

    /// Closes the window: the program loses its terminal.
    public func hangUp() {
        close(master)
        master = -1
    }
}

// MARK: - Output

extension PseudoTerminal {
    /// The current screen; tests use ``wait(for:patience:until:)``.
    public var screenshot: Screenshot { emulator.screenshot() }

    /// Waits until the screen fulfils a condition. Use the text that is drawn last: the condition may be met in
    /// mid-frame.
    @discardableResult
    public func wait(
        for what: String, patience: Duration = PseudoTerminal.patience,
        until condition: @Sendable (Screenshot) -> Bool
    ) throws -> Screenshot {
        let deadline = ContinuousClock.now + patience
        while true {
            let shot = emulator.screenshot()
            if condition(shot) {
                screens.insert(shot.text)
                return shot
            }
            guard ContinuousClock.now < deadline else { throw failure("waited in vain for \(what)") }
            guard master >= 0, read(within: 50) != .ended else { throw failure("ended before \(what)") }
        }
    }

    /// Waits until the screen has this text.
    @discardableResult
    public func wait(for text: String, patience: Duration = PseudoTerminal.patience) throws -> Screenshot {
        try wait(for: "'\(text)'", patience: patience) { $0.text.contains(text) }
    }

    /// Waits until the program has ended.
    @discardableResult
    public func waitForEnd(patience: Duration = PseudoTerminal.patience) throws -> Ending {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if let ending { return ending }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: status & 0x7F)
                while master >= 0, read(within: 0) == .some {}
                screens.insert(emulator.screenshot().text)
                try examine?(output + Array(screens.joined(separator: "\n").utf8))
            } else if master < 0 || read(within: 20) == .ended {
                // It has released the terminal, and is about to end.
                poll(nil, 0, 5)
            }
        }
        throw failure("still running")
    }

    /// Whether the program has written this text, such as a sequence that does not draw.
    ///
    /// - Parameter start: the number of bytes of ``output`` before the text.
    public func hasWritten(_ text: String, after start: Int = 0) -> Bool {
        let text = Array(text.utf8)
        return output.indices[start...].contains { output[$0...].starts(with: text) }
    }

    /// Waits until the program has cleared the screen, to draw all of it.
    ///
    /// - Parameter start: the number of bytes of ``output`` before that.
    public func waitUntilCleared(after start: Int, patience: Duration = PseudoTerminal.patience) throws {
        let deadline = ContinuousClock.now + patience
        // The terminfo entries of xterm, and of vt100, linux and screen.
        let sequences = ["\u{1B}[H\u{1B}[2J", "\u{1B}[H\u{1B}[J"]
        while !sequences.contains(where: { hasWritten($0, after: start) }) {
            guard ContinuousClock.now < deadline else { throw failure("the screen was not cleared") }
            guard read(within: 50) != .ended else { throw failure("ended before it cleared the screen") }
        }
    }

    /// The settings that a program has not restored at its end, in words; empty: the terminal is unchanged.
    public func leftovers() -> [String] {
        let modes = zip(modesBefore, TerminalPair.modes(of: master)).filter { $0 != $1 }
        return emulator.leftovers + modes.map { "the line's \($0) became \($1)" }
    }

    private enum Reading { case some, none, ended }

    private func read(within milliseconds: Int32) -> Reading {
        var watched = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) > 0 else { return .none }
        var portion = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(master, &portion, portion.count)
        guard count > 0 else { return .ended }
        output += portion.prefix(count)
        let answer = portion.prefix(count).withUnsafeBytes { emulator.show($0) }
        // There may be no reader left.
        if !answer.isEmpty { _ = write(master, answer, answer.count) }
        return .some
    }

    private func failure(_ what: String) -> Failure {
        Failure(description: "\(what); the screen was:\n\(emulator.screenshot().text)")
    }
}
