/// Steps as data. The same value is previewed, run, recorded, resumed and undone.
///
/// It holds names and paths, never the bytes of a secret.
public struct Plan: Codable, Equatable, Sendable {
    /// "Install BuildKit".
    public var title: String
    /// Which installation it is about.
    public var site: Site
    public var steps: [Step]
    /// What the user should know before agreeing; sentences.
    public var notes: [String]
    /// What becomes different of what is there; the steps say how.
    public var differences: [Difference]
    /// The answers that the installation has when the plan has been run, by the field's id: they are kept, for
    /// whoever comes back to it. Nil: those that are kept stay.
    public var answers: [Field.ID: String]?

    public init(
        title: String, site: Site, steps: [Step], notes: [String] = [], differences: [Difference] = [],
        answers: [Field.ID: String]? = nil
    ) {
        self.title = title
        self.site = site
        self.steps = steps
        self.notes = notes
        self.differences = differences
        self.answers = answers
    }
}
