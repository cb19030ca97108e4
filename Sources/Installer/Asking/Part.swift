/// A part of an installation that can be removed by itself.
public enum Part: String, CaseIterable, Codable, Sendable {
    /// What docker buildx on this machine knows of it.
    case builder
    case release
    /// The Secrets that this program made.
    case secrets
    /// Secrets of the same names that came from elsewhere.
    case foreignSecrets = "foreign-secrets"
    case cache, namespace
    /// On this machine: those that are used, and the authority that can issue more.
    case certificates, authority
    /// What this program has written down: answers, journal, chart.
    case records

    /// What goes unless somebody says otherwise: all that can be had again.
    public static let usual: [Part] = [.builder, .release, .secrets, .namespace, .certificates, .records]
    /// All that an install has brought. What came from elsewhere stays.
    public static let everything = allCases.filter { $0 != .foreignSecrets }

    /// What it is, in a few words.
    var meaning: String {
        switch self {
        case .builder: "what docker buildx on this machine knows of it"
        case .release: "the Helm release: pods, Services, configuration"
        case .secrets: "the Secrets that this program made"
        case .foreignSecrets: "Secrets of the same names that came from elsewhere"
        case .cache: "the volume that keeps layers between builds"
        case .namespace: "the namespace, if this program made it and nobody else uses it"
        case .certificates: "the certificates and their keys on this machine"
        case .authority: "the authority's key on this machine, which can sign more of them"
        case .records: "what is written down on this machine: answers, journal, chart"
        }
    }

    /// Whether nobody can bring it back.
    public var isData: Bool { [.cache, .authority, .foreignSecrets].contains(self) }
    /// Whether it is in the cluster, not on this machine.
    public var isInCluster: Bool {
        [.release, .secrets, .foreignSecrets, .cache, .namespace].contains(self)
    }
}
