import Installer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where lines go. Each is written at once: a pipe would otherwise see nothing until the end.
struct Console: Sendable {
    private let descriptor: CInt

    static let output = Console(descriptor: STDOUT_FILENO)
    static let errors = Console(descriptor: STDERR_FILENO)

    /// Writes text of one or several lines.
    func line(_ text: String) { write(VisibleText("\(text)\n")) }

    /// Writes a JSON text as one line.
    func line(json text: String) { write(VisibleText(json: "\(text)\n")) }

    /// The only way out to a terminal, and only text that does nothing to it can take it.
    func write(_ text: VisibleText) {
        var rest = Array(text.description.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { wrote(descriptor, $0.baseAddress, $0.count) }
            // A reader that has gone away ends the output, not the run.
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// Asks a person on the terminal; whatever is not yes is no.
    static func agrees(to question: String) -> Bool {
        output.write(VisibleText("\(question) [y/N] "))
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// How wide a text may be: the terminal, or eighty columns where nobody looks.
    static var columns: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        // Lines of text that are longer are hard to read.
        return min(Int(size.ws_col), 110)
    }

    /// Whether a person looks at both ends.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}

private func wrote(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
