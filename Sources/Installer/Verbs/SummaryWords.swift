/// What a verb has to say about its runs.
public struct SummaryWords: Sendable {
    /// What is done, as a noun: "installation".
    let subject: String
    /// What a run came to that succeeded.
    let outcome: @Sendable (Run) -> Summary.Outcome
    /// What came of a run that changed something, where the usual sentence says too little.
    var headline: (@Sendable (Answers) -> String)?
    /// What to type after such a run.
    let next: @Sendable (Answers, Site) -> [NextCommand]
}
