/// One thing that a plan does, and what takes it back.
public struct Step: Codable, Equatable, Sendable, Identifiable {
    public typealias ID = String

    /// Stable across runs: the journal and the JSON output name the step by it.
    public var id: ID
    /// What is done, as a sentence without its end: "Create the namespace buildkit".
    public var title: String
    public var action: Action
    /// What takes the step back, also after it failed half-way; each is without effect where there is nothing
    /// to take back. Empty: what the step does leaves nothing, or was there before.
    public var undo: [Action]
    /// Whether what has been done is good as it is once this step is done: what fails later takes back no more than
    /// what came after it.
    public var commits: Bool

    public init(id: ID, title: String, action: Action, undo: [Action] = [], commits: Bool = false) {
        self.id = id
        self.title = title
        self.action = action
        self.undo = undo
        self.commits = commits
    }
}
