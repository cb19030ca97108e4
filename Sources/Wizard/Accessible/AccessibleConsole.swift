import Installer

/// A terminal as lines: something to print on, and someone who answers.
public struct AccessibleConsole: Sendable {
    /// Prints a text, and no line end after it.
    public var write: @Sendable (VisibleText) -> Void
    /// The next line without its end; nil when no more will come.
    public var read: @Sendable () -> String?

    public init(write: @escaping @Sendable (VisibleText) -> Void, read: @escaping @Sendable () -> String?) {
        self.write = write
        self.read = read
    }

    func line(_ text: String = "") { write(VisibleText("\(text)\n")) }

    /// Asks, and gives the answer without the white space around it.
    func ask(_ prompt: String) -> String? {
        write(VisibleText("\(prompt) "))
        guard var answer = read()?[...] else { return nil }
        while answer.first?.isWhitespace == true { answer = answer.dropFirst() }
        while answer.last?.isWhitespace == true { answer = answer.dropLast() }
        return String(answer)
    }
}
