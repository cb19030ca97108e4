import MutualTLS

/// The user's decisions. Every default is here; everything else is detected or derived.
///
/// It never holds a secret: certificates and keys are files, referenced by their folder.
public struct Answers: Equatable, Sendable {
    // Cluster. Empty: the kubeconfig's current context.
    public var context = ""
    /// The timeout of a kubeconfig login, in seconds: long enough to type a code into a browser.
    public var loginTimeout = 120

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
    /// The timeout for the pods and the address, in seconds.
    public var timeout = 600
    /// Replace objects that this program did not create, and unlock releases that another operation locked.
    public var takeOver = false

    // Builder.
    /// Empty: the chart's default, which is pinned.
    public var image = ""
    public var cpu = ""
    public var memory = ""
    public var cache: CacheSize = .size("50Gi")
    public var storageClass = ""
    /// Nil: the best profile that the cluster supports.
    public var security: SecurityProfile?
    public var mirrors: [RegistryMirror] = []
    /// A file with additional chart values; empty: none.
    public var values = ""
    /// The names that these values and those of the release give to the chart's objects. They are read, not entered.
    public var chartNames = ChartNames()

    // Registration.
    public var builder = "remote-kubernetes"
    public var use = true
    public var platforms: [String] = []
    public var verify = true

    // Rotation.
    public var renew = RotationScope.certificates
    /// Renew only with at most this number of days left; nil: always.
    public var ifDue: Int?

    // One client.
    /// Empty: no client is named.
    public var name = ""
    /// Nil: the current role.
    public var role: ClientRole?
    /// A folder, or an archive if the name ends as in ``TarArchive/isName(_:)``; empty: none.
    public var bundle = ""
    public var serials: [String] = []
    public var now = false

    // Uninstall.
    public var remove = RemovablePart.usual
    /// The release name again, required where data is removed.
    public var confirm = ""
    /// Do not wait for running builds or for another Helm operation.
    public var force = false

    /// The saved answers that a command starts from, where they differ from the defaults, by the field's id: a printed command
    /// has a flag for a default where it would otherwise start from another value.
    var recalled: [String: String] = [:]

    public init() {}

    /// BuildKit's bake definition for certificates, in its public repository.
    public static let publicBakeDefinition =
        "https://github.com/moby/buildkit.git#master:examples/create-certs"
}

/// The storage for the build cache: a volume of this size, or none beyond the lifetime of the pod.
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

// Values derived from the answers: the chart's names and the names that buildx uses.

extension Answers {
    /// The name prefix of all objects of the chart.
    public var fullname: String { chartNames.fullname(of: release) }

    /// The name of BuildKit's Deployment.
    var builderDeployment: String { "\(fullname)-builder" }
    /// The name of Envoy's Deployment.
    var proxyDeployment: String { "\(fullname)-proxy" }

    /// The builder's Service in the cluster's DNS.
    var serviceNames: [String] {
        ["\(fullname).\(namespace).svc", "\(fullname).\(namespace).svc.cluster.local"]
    }

    /// The names that the server certificate covers.
    public var names: [SubjectName] {
        guard sans.isEmpty else { return sans }
        let here = exposure == .portForward ? ["localhost", "127.0.0.1", "::1"] : []
        // All of them are well-formed: namespace and release have been validated.
        return (serviceNames + here).compactMap { try? SubjectName($0) }
    }

    /// The endpoint, where it is known before the installation exists: given, or the local end of a port-forward.
    public var fixedEndpoint: Endpoint? {
        if let endpoint {
            return Endpoint(host: endpoint.host, port: endpoint.port == 0 ? port : endpoint.port)
        }
        return exposure == .portForward ? Endpoint(host: "localhost", port: port) : nil
    }
}
