import Terminal

/// One screenful as a value: messages change it, it draws itself, and it performs nothing.
protocol Page: Sendable {
    func title(_ model: Model) -> String
    /// The keys that do something now, the most useful first.
    func hints(_ context: Context) -> [KeyHint]
    /// Whether letters are typed into the page just now, so that they are no commands.
    func takesText(_ context: Context) -> Bool
    mutating func update(_ message: Message, _ model: inout Model, _ guide: Guide) -> Move
    /// Draws what is between the head and the foot of the screen.
    func draw(into frame: inout Frame, _ context: Context)
}

extension Page {
    func takesText(_ context: Context) -> Bool { false }
}
