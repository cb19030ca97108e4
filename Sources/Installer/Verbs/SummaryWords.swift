/// What a verb has to say about its runs.
public struct SummaryWords: Sendable {
    /// What is done, as a noun: "installation".
    let subject: String
    /// What a run came to that succeeded, and the same as a sentence without its end.
    let outcome: @Sendable (Run) -> (Summary.Outcome, headline: String)
    /// The sentence of a run that changed something, where it names what was asked for.
    var headline: (@Sendable (Answers) -> String)?
    /// What there is to say of such a run in place of what is installed; nil: that.
    var account: (@Sendable (Run) -> [String])?
    /// What the user should know besides; sentences.
    var remarks: @Sendable (Run) -> [String] = { _ in [] }
    /// What to type after such a run.
    let next: @Sendable (Answers, Site) -> [NextCommand]
}
