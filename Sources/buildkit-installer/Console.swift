import Installer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Output of lines. Each is flushed: a pipe would otherwise receive nothing until the end.
struct Console: Sendable {
    private let descriptor: CInt

    static let output = Console(descriptor: STDOUT_FILENO)
    static let errors = Console(descriptor: STDERR_FILENO)

    /// Writes text of one or several lines.
    func line(_ text: String) { write(VisibleText("\(text)\n")) }

    /// Writes a JSON text as one line.
    func line(json text: String) { write(VisibleText(json: "\(text)\n")) }

    /// The only function that writes to a terminal; it accepts only text without control sequences.
    func write(_ text: VisibleText) {
        var rest = Array(text.description.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { wrote(descriptor, $0.baseAddress, $0.count) }
            // If the reader closes the pipe, the output ends, not the run.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// Writes a failure, and where the documents explain it.
    func failure(_ failure: InstallerError) {
        line("Error: \(failure)")
        reference(for: failure)
    }

    /// Writes where the documents explain a failure; nothing if its message says all.
    func reference(for failure: InstallerError) {
        if !failure.code.isSelfExplanatory { line("See: \(failure.code.documentation)") }
    }

    /// Asks for confirmation on the terminal; every answer except yes is no.
    static func agrees(to question: String) -> Bool {
        ["y", "yes"].contains(answer(to: "\(question) [y/N]").lowercased())
    }

    /// The typed answer; empty at the end of the input.
    static func answer(to question: String) -> String {
        output.write(VisibleText("\(question) "))
        return readLine() ?? ""
    }

    /// Text width: that of the terminal, or eighty columns without one.
    static var columns: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        // Lines of text that are longer are hard to read.
        return min(Int(size.ws_col), 110)
    }

    /// Whether both standard input and output are terminals.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}

private func wrote(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
