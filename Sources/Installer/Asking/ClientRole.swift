/// What a client may do with the builder; the chart enforces it.
public enum ClientRole: String, CaseIterable, Codable, Sendable {
    /// Build.
    case builder
    /// Build, prune, and see and change the history of builds.
    case admin
}
