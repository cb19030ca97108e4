/// What the API server's admission said of the objects that an install would make, asked beforehand by a dry run.
public struct Admission: Equatable, Sendable {
    /// An object that would be refused.
    public struct Refusal: Equatable, Sendable {
        /// "pods", "services", "namespaces", as the server names them; empty where it names none.
        public var resource: String
        /// The server's own words.
        public var words: String

        public init(resource: String, words: String) {
            self.resource = resource
            self.words = words
        }
    }

    /// How many objects were asked about.
    public var asked: Int
    public var refusals: [Refusal]
    /// Why nothing was asked; nil where something was.
    public var silence: String?

    public init(asked: Int = 0, refusals: [Refusal] = [], silence: String? = nil) {
        self.asked = asked
        self.refusals = refusals
        self.silence = silence
    }
}

/// What an install would make, as far as it takes Helm to say so.
public struct AdmissionRequest: Sendable {
    /// The chart's values.
    public var values: JSONValue
    /// A file of further values; nil: none.
    public var furtherValues: String?
    /// Whether the namespace is there, so that its own rules can be asked.
    public var namespaceExists: Bool
    /// The namespace's manifest where it would be made.
    public var namespace: JSONValue?
    /// The API server's version: the chart depends on it.
    public var server: String
    /// Whether the release's service accounts are there already.
    public var isUpgrade: Bool
}
