import Installer

/// A line-based terminal: prints text and reads answers.
public struct AccessibleConsole: Sendable {
    /// Prints a text without a trailing line break.
    public var write: @Sendable (VisibleText) -> Void
    /// The next line without its line break; nil at the end of input.
    public var read: @Sendable () -> String?

    public init(write: @escaping @Sendable (VisibleText) -> Void, read: @escaping @Sendable () -> String?) {
        self.write = write
        self.read = read
    }

    func line(_ text: String = "") { write(VisibleText("\(text)\n")) }

    /// Prompts, and returns the trimmed answer.
    func ask(_ prompt: String) -> String? {
        write(VisibleText("\(prompt) "))
        guard var answer = read()?[...] else { return nil }
        while answer.first?.isWhitespace == true { answer = answer.dropFirst() }
        while answer.last?.isWhitespace == true { answer = answer.dropLast() }
        return String(answer)
    }
}
