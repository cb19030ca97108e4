import MutualTLS

/// What the user decided. Every default is here; everything else is found out or worked out.
///
/// It never holds a secret: certificates and keys are files, named by their folder.
public struct Answers: Equatable, Sendable {
    // Cluster. Empty: the kubeconfig's current context.
    public var context = ""

    // Address.
    public var exposure = Exposure.portForward
    public var port = 1234
    public var nodePort: Int?
    /// Empty: the names of the chart's own Service, and this machine's for port-forward.
    public var sans: [SubjectName] = []
    public var endpoint: Endpoint?
    public var servername: SubjectName?

    // Certificates.
    public var certificates = CertificateSource.issue
    /// Empty: the release's folder below the user's configuration.
    public var certs = ""
    public var client = "admin"
    public var keyAlgorithm = KeyAlgorithm.p256
    public var authorityDays = 3650
    public var days = 365
    public var discardAuthority = false
    public var bakeDefinition = Answers.publicBakeDefinition

    // Namespace and release.
    public var namespace = "buildkit"
    public var release = "buildkit"
    /// How long the pods and the address may take, in seconds.
    public var timeout = 600
    /// Replace what somebody else has made, and free what somebody else has locked.
    public var takeOver = false

    // Builder.
    /// Empty: the chart's own, which is pinned.
    public var image = ""
    public var cpu = ""
    public var memory = ""
    public var cache: CacheSize = .size("50Gi")
    public var storageClass = ""
    /// Nothing: the one that the cluster can best do.
    public var security: SecurityProfile?
    public var mirrors: [RegistryMirror] = []
    /// A file of further chart values; empty: none.
    public var values = ""

    // Registration.
    public var builder = "remote-kubernetes"
    public var use = true
    public var platforms: [String] = []
    public var verify = true

    // Rotation.
    public var renew = RotationScope.certificates
    /// So many days left, or fewer, is soon; nil: whatever is left.
    public var ifDue: Int?

    // One client.
    /// Empty: none is named.
    public var name = ""
    /// Nil: the one that it has.
    public var role: ClientRole?
    /// A folder, or a file that ends in `.tar`; empty: none.
    public var bundle = ""
    public var serials: [String] = []
    public var now = false

    // Uninstall.
    public var remove = RemovablePart.usual
    /// The release's name once more, where data is to go.
    public var confirm = ""
    /// Wait for nothing: neither for builds that run nor for another Helm.
    public var force = false

    public init() {}

    /// BuildKit's own definition for certificates, in its public repository.
    public static let publicBakeDefinition =
        "https://github.com/moby/buildkit.git#master:examples/create-certs"
}

/// How much is kept between builds: a volume of a size, or nothing that outlives the pod.
public enum CacheSize: Hashable, Sendable {
    case none
    case size(String)
}

extension ValueFormat where Value == CacheSize {
    static let cache = ValueFormat(
        example: "50Gi",
        print: { size in
            switch size {
            case .none: "none"
            case .size(let size): size
            }
        }
    ) { text throws(FormatError) in
        if text == "none" { return .none }
        let size = try ValueFormat<String>.quantity(example: "50Gi").parse(text)
        guard let unit = size.last, "ikMGTP".contains(unit) else {
            throw FormatError("'\(text)' has no unit", example: "50Gi")
        }
        return .size(size)
    }
}

// What follows from the answers: the chart's names and the names that buildx meets.

extension Answers {
    /// The prefix of all that the chart makes; the chart's `fullname` says the same.
    public var fullname: String {
        release.contains("buildkit") ? release : String("\(release)-buildkit".prefix(63))
    }

    /// The builder's Service, as the cluster's own DNS knows it.
    var serviceNames: [String] {
        ["\(fullname).\(namespace).svc", "\(fullname).\(namespace).svc.cluster.local"]
    }

    /// The names that the server certificate is to cover.
    public var names: [SubjectName] {
        guard sans.isEmpty else { return sans }
        let here = exposure == .portForward ? ["localhost", "127.0.0.1", "::1"] : []
        // They are all well-formed: namespace and release passed their rules.
        return (serviceNames + here).compactMap { try? SubjectName($0) }
    }

    /// The endpoint, where it is known before anything exists: given, or the near end of a port-forward.
    public var fixedEndpoint: Endpoint? {
        if let endpoint {
            return Endpoint(host: endpoint.host, port: endpoint.port == 0 ? port : endpoint.port)
        }
        return exposure == .portForward ? Endpoint(host: "localhost", port: port) : nil
    }
}
