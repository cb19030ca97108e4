/// The result of the API server's admission for the objects that an install would create, from a dry run.
public struct Admission: Equatable, Sendable {
    /// An object that would be rejected.
    public struct Refusal: Equatable, Sendable {
        /// "pods", "services", "namespaces", as the server names them; empty where it names none.
        public var resource: String
        /// The server's message.
        public var words: String

        public init(resource: String, words: String) {
            self.resource = resource
            self.words = words
        }
    }

    /// The number of objects in the dry run.
    public var asked: Int
    public var refusals: [Refusal]
    /// Why the dry run was not possible; nil where it was.
    public var silence: String?

    public init(asked: Int = 0, refusals: [Refusal] = [], silence: String? = nil) {
        self.asked = asked
        self.refusals = refusals
        self.silence = silence
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
