/// Which installation is meant: a release in a namespace of a cluster.
public struct Site: Codable, Hashable, Sendable {
    /// The kubeconfig context; empty: the current one.
    public var context: String
    public var namespace: String
    public var release: String

    public init(context: String, namespace: String, release: String) {
        self.context = context
        self.namespace = namespace
        self.release = release
    }
}

extension Answers {
    /// The installation that the answers are about.
    public var site: Site { Site(context: context, namespace: namespace, release: release) }
}

extension Site: CustomStringConvertible {
    /// "release buildkit in namespace buildkit of production"
    public var description: String {
        "release \(release) in namespace \(namespace)" + (context.isEmpty ? "" : " of \(context)")
    }
}
