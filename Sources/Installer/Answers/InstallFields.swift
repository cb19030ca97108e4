import MutualTLS

// All questions of an install, in the order of the wizard's pages.

extension Field {
    // MARK: Cluster

    public static let context = Field(
        "context", "Context", .text, at: \.context, .line(example: "production"),
        help: "The kubeconfig context of the cluster.", emptyMeaning: "the current context")

    /// Not on any page: most kubeconfigs log in at once, and the error of a login timeout names this option.
    public static let loginTimeout = Field(
        "login-timeout", "Login timeout (s)", .number, at: \.loginTimeout, .number(1...3600, example: 300),
        help: "Timeout in seconds for a login by an exec plugin of the kubeconfig.")

    // MARK: Address

    public static let exposure = Field(
        "exposure", "Exposure",
        .choice([
            Option(value: "port-forward", help: "ClusterIP; run kubectl port-forward"),
            Option(value: "load-balancer", help: "external address (LoadBalancer)"),
            Option(value: "node-port", help: "a port on every node (NodePort)"),
        ]),
        at: \.exposure, .choice,
        help: "How clients reach the builder."
    )

    public static let port = Field(
        "port", "Port", .number, at: \.port, .number(1...65535, example: 1234),
        help: "The port of the builder's Service.")

    public static let nodePort = Field(
        "node-port", "Node port", .number, at: \.nodePort,
        ValueFormat<Int>.number(30000...32767, example: 31234).orNone(),
        help: "The port on every node, for exposure node-port.", emptyMeaning: "assigned by Kubernetes",
        unless: { $0.exposure == .nodePort ? nil : "only used with exposure node-port" })

    public static let sans = Field(
        "sans", "SANs", .list, at: \.sans, ValueFormat<SubjectName>.subjectName.list(limit: 100),
        help: "The DNS names, wildcards and IP addresses that the server certificate covers.",
        emptyMeaning: "the names of the builder's Service, and localhost for port-forward",
        unless: {
            $0.certificates == .issue || $0.certificates == .bake
                ? nil : "existing certificates already contain their names"
        })

    public static let endpoint = Field(
        "endpoint", "Endpoint", .text, at: \.endpoint, ValueFormat<Endpoint>.endpoint.orNone(),
        help: "The address that buildx connects to.", emptyMeaning: "auto (from the exposure type)")

    public static let servername = Field(
        "servername", "Server name", .text, at: \.servername, ValueFormat<SubjectName>.subjectName.orNone(),
        help: "The name that buildx verifies in the server certificate.",
        emptyMeaning: "auto (endpoint host, else first SAN)")

    // MARK: Certificates

    public static let certificates = Field(
        "certificates", "Certificates",
        .choice([
            Option(value: "issue", help: "new private CA (recommended)"),
            Option(value: "bake", help: "docker buildx bake"),
            Option(value: "folder", help: "existing PEM files in a directory"),
            Option(value: "secrets", help: "existing Secrets in the namespace"),
        ]),
        at: \.certificates, .choice,
        help: "Source of the certificates. bake runs BuildKit's create-certs definition.")

    public static let certs = Field(
        "certs", "Directory", .path, at: \.certs, .path(example: "~/buildkit/certs"),
        help: "Directory with daemon/ and client/ (PEM). Do not move it: buildx reads it.",
        emptyMeaning: "~/.config/buildkit-installer/CONTEXT/NAMESPACE/RELEASE/certs")

    public static let client = Field(
        "client", "Client", .text, at: \.client, .label(example: "alice"),
        help: "Name of this machine's client, the common name of its certificate.", unless: unlessIssued)

    public static let keyAlgorithm = Field(
        "key-algorithm", "Key algorithm",
        .choice([
            Option(value: "p256", help: "ECDSA P-256 (recommended)"),
            Option(value: "ed25519", help: "Ed25519"),
            Option(value: "rsa", help: "RSA 3072, if required by policy"),
        ]),
        at: \.keyAlgorithm, .choice, help: "Algorithm of the private keys.", unless: unlessIssued)

    public static let authorityDays = Field(
        "authority-days", "CA validity (days)", .number, at: \.authorityDays,
        .number(1...36500, example: 3650),
        help: "CA validity in days.", unless: unlessIssued)

    public static let days = Field(
        "days", "Validity (days)", .number, at: \.days, .number(1...36500, example: 365),
        help: "Validity of server and client certificates in days; at most the CA validity.",
        unless: unlessIssued)

    public static let discardAuthority = Field(
        "discard-authority", "Delete CA key", .toggle, at: \.discardAuthority, .toggle,
        help: "Delete the CA key after issuing: no client can be added, and no certificate renewed.",
        unless: unlessIssued)

    public static let bakeDefinition = Field(
        "bake-definition", "Definition", .text, at: \.bakeDefinition,
        .line(example: Answers.publicBakeDefinition),
        help:
            "The bake definition that generates the certificates; it receives the SANs separated by spaces.",
        unless: { $0.certificates == .bake ? nil : "only used with certificates bake" })

    private static let unlessIssued: @Sendable (Answers) -> String? = {
        $0.certificates == .issue ? nil : "only used with certificates issue"
    }

    // MARK: Namespace and release

    public static let namespace = Field(
        "namespace", "Namespace", .text, at: \.namespace, .label(example: "buildkit"),
        help: "The namespace of the installation.",
        installHelp:
            "Created if missing. Use a dedicated one: BuildKit needs the Pod Security level \"privileged\".")

    public static let release = Field(
        "release", "Release", .text, at: \.release, .label(example: "buildkit", longest: 53),
        help: "The Helm release name.")

    public static let timeout = Field(
        "timeout", "Timeout (s)", .number, at: \.timeout, .number(1...86400, example: 600),
        help: "Timeout in seconds for rollout, address assignment, running builds and deletion.")

    public static let takeOver = Field(
        "take-over", "Take over", .toggle, at: \.takeOver, .toggle,
        help:
            "Overwrite Secrets not created by buildkit-installer, force field ownership conflicts, and unlock a "
            + "pending Helm release.")

    // MARK: Builder

    public static let image = Field(
        "image", "Image", .text, at: \.image, .image.orEmpty(), help: "The BuildKit image.",
        emptyMeaning: "docker.io/moby/buildkit:\(Chart.appVersion) (chart default)")

    public static let cpu = Field(
        "cpu", "CPU", .text, at: \.cpu, .quantity(example: "4").orEmpty(),
        help: "CPU request (no limit is set).",
        emptyMeaning: "1 (chart default)")

    public static let memory = Field(
        "memory", "Memory", .text, at: \.memory, .quantity(example: "8Gi").orEmpty(),
        help: "Memory request and limit.", emptyMeaning: "request 2Gi, no limit (chart default)")

    public static let cache = Field(
        "cache", "Cache", .text, at: \.cache, .cache,
        help: "Cache volume size (PVC), or none for an ephemeral cache.")

    public static let storageClass = Field(
        "storage-class", "Storage class", .text, at: \.storageClass, .line(example: "fast-ssd"),
        help: "The StorageClass of the cache volume.", emptyMeaning: "cluster default",
        unless: { $0.cache == .none ? "no cache volume is configured" : nil })

    public static let security = Field(
        "security", "Security",
        .choice([
            Option(value: "rootless", help: "no root in the pod; most clusters"),
            Option(value: "userns", help: "user namespace; Kubernetes 1.30+"),
            Option(value: "privileged", help: "a breakout gives root on the node"),
        ]),
        at: \.security, ValueFormat<SecurityProfile>.choice.orNone(),
        help:
            "Pod isolation (security profile), the strongest first: userns (hostUsers: false), rootless, privileged.",
        emptyMeaning: "userns if supported, else rootless")

    public static let mirrors = Field(
        "mirrors", "Mirrors", .list, at: \.mirrors, ValueFormat<RegistryMirror>.mirror.list(limit: 50),
        help: "Registry mirrors, as REGISTRY=MIRROR.", emptyMeaning: "none")

    public static let values = Field(
        "values", "Values file", .path, at: \.values, .path(example: "values.yaml"),
        help: "Extra Helm values file; the other settings take precedence over it.", emptyMeaning: "none")

    // MARK: Registration

    public static let builder = Field(
        "builder", "Builder", .text, at: \.builder, .builderName,
        help: "Name of the builder in docker buildx.")

    public static let use = Field(
        "use", "Set as current", .toggle, at: \.use, .toggle,
        help: "Set as the current buildx builder (docker buildx use).")

    public static let platforms = Field(
        "platforms", "Platforms", .list, at: \.platforms, ValueFormat<String>.platform.list(limit: 20),
        help: "Platforms to build for.", emptyMeaning: "auto-detect")

    public static let verify = Field(
        "verify", "Test build", .toggle, at: \.verify, .toggle,
        help:
            "Run a test build, or a test connection, when done. Set to no if this machine cannot reach the builder."
    )
}

extension ValueFormat where Value == String {
    /// The same rule, with the empty text as an additional valid answer.
    func orEmpty() -> ValueFormat {
        ValueFormat(example: example, print: print) { text throws(FormatError) in
            text.isEmpty ? "" : try parse(text)
        }
    }
}
