/// A run whose journal has no end.
public struct Unfinished: Equatable, Sendable {
    public var run: Run
    public var journal: String

    public init(run: Run, journal: String) {
        self.run = run
        self.journal = journal
    }
}
