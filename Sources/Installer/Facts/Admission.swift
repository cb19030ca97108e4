/// The result of the API server's admission for the objects that an install would create, from a dry run.
public struct Admission: Equatable, Sendable {
    /// An object that would be rejected.
    public struct Refusal: Equatable, Sendable {
        /// "pods", "services", "namespaces", as the server names them; empty where it names none.
        public var resource: String
        /// The server's message.
        public var words: String
        /// Whether the rule rejects it in the installation's namespace, too.
        public var isCertain: Bool

        public init(resource: String, words: String, isCertain: Bool = true) {
            self.resource = resource
            self.words = words
            self.isCertain = isCertain
        }
    }

    /// What a dry run was replaced with where the installation's namespace does not exist yet.
    public enum Preview: Equatable, Sendable {
        /// No policy and no webhook of the cluster applies to the new namespace.
        case noRules
        /// A dry run in an existing namespace; only rules count that apply to both.
        case tried(in: String)
    }

    /// For a plan that changes no release.
    static let ofNothing = Admission(silence: "no resources are created")

    /// The number of objects that the server has admitted or rejected.
    public var asked: Int
    public var refusals: [Refusal]
    /// The number of objects that it has not judged, for example without permission to create them.
    public var unjudged: Int
    /// Why the dry run was not possible; nil where it was.
    public var silence: String?
    /// Nil: the dry run was in the installation's namespace.
    public var preview: Preview?

    public init(
        asked: Int = 0, refusals: [Refusal] = [], unjudged: Int = 0, silence: String? = nil,
        preview: Preview? = nil
    ) {
        self.asked = asked
        self.refusals = refusals
        self.unjudged = unjudged
        self.silence = silence
        self.preview = preview
    }
}

/// The input of the admission dry run, as far as Helm needs it.
public struct AdmissionRequest: Sendable {
    /// The chart's values.
    public var values: JSONValue
    /// A file with additional chart values; nil: none.
    public var furtherValues: String?
    /// Whether the namespace exists, so that its own rules apply to the dry run.
    public var namespaceExists: Bool
    /// The namespace's manifest where it would be created.
    public var namespace: JSONValue?
    /// The API server's version: the chart depends on it.
    public var server: String
    /// Whether the release's service accounts exist already.
    public var isUpgrade: Bool
}
