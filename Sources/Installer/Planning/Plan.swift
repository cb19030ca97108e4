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

    public init(title: String, site: Site, steps: [Step], notes: [String] = []) {
        self.title = title
        self.site = site
        self.steps = steps
        self.notes = notes
    }
}
