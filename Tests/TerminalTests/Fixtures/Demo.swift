import PseudoTerminal
import Testing

/// The program `terminal-demo` in a terminal of its own.
func demo(
    _ environment: [String: String?] = [:], columns: Int = 80, rows: Int = 24, input: String? = nil,
    output: String? = nil
) throws -> PseudoTerminal {
    try PseudoTerminal(
        PseudoTerminal.product("terminal-demo"), environment: environment, columns: columns, rows: rows,
        input: input, output: output)
}

/// Each frame of it ends with the number of events so far.
@discardableResult
func frame(_ number: Int, of terminal: PseudoTerminal) async throws -> Screenshot {
    try await terminal.wait(for: "end of frame \(number)")
}

func expectAsBefore(_ terminal: PseudoTerminal, at place: SourceLocation = #_sourceLocation) async {
    let leftovers = await terminal.leftovers()
    #expect(leftovers == [], sourceLocation: place)
}
