import MutualTLS

// Every question there is, in the order of the wizard's pages.

extension Field {
    // MARK: Cluster

    public static let context = Field(
        "context", "Context", .text, at: \.context, .line(example: "production"),
        help: "The kubeconfig context of the cluster.", emptyMeaning: "the current context")

    // MARK: Address

    public static let exposure = Field(
        "exposure", "Exposure",
        .choice([
            Option(
                value: "port-forward",
                help: "inside the cluster only; reached from here through kubectl port-forward"),
            Option(
                value: "load-balancer",
                help: "a load balancer of the cluster's cloud, with an address of its own"),
            Option(value: "node-port", help: "a port on every node"),
        ]),
        at: \.exposure, .choice, help: "How the builder is reached.")

    public static let port = Field(
        "port", "Port", .number, at: \.port, .number(1...65535, example: 1234),
        help: "The port of the builder's Service.")

    public static let nodePort = Field(
        "node-port", "Node port", .number, at: \.nodePort,
        ValueFormat<Int>.number(30000...32767, example: 31234).orNone(),
        help: "The port on every node.", emptyMeaning: "one that the cluster picks",
        unless: { $0.exposure == .nodePort ? nil : "it is used only with exposure node-port" })

    public static let sans = Field(
        "sans", "SANs", .list, at: \.sans, ValueFormat<SubjectName>.subjectName.list(limit: 100),
        help: "The DNS names, wildcards and IP addresses that the server certificate covers.",
        emptyMeaning: "the names of the builder's Service, and localhost for port-forward",
        unless: {
            $0.certificates == .issue || $0.certificates == .bake
                ? nil : "existing certificates have their names"
        })

    public static let endpoint = Field(
        "endpoint", "Endpoint", .text, at: \.endpoint, ValueFormat<Endpoint>.endpoint.orNone(),
        help: "The address that buildx dials.", emptyMeaning: "worked out from the exposure")

    public static let servername = Field(
        "servername", "Server name", .text, at: \.servername, ValueFormat<SubjectName>.subjectName.orNone(),
        help: "The name that buildx expects in the server certificate.",
        emptyMeaning: "the endpoint's host, or a SAN where the host is none")

    // MARK: Certificates

    public static let certificates = Field(
        "certificates", "Certificates",
        .choice([
            Option(value: "issue", help: "issued here, by an authority of your own"),
            Option(value: "bake", help: "made by docker buildx bake from a definition"),
            Option(
                value: "folder",
                help: "in a folder already: daemon/ and client/ with ca.pem, cert.pem, key.pem"),
            Option(value: "secrets", help: "in the namespace already, as Secrets"),
        ]),
        at: \.certificates, .choice, help: "Where the certificates come from.")

    public static let certs = Field(
        "certs", "Folder", .path, at: \.certs, .path(example: "~/buildkit/certs"),
        help: "The folder of the certificates. buildx keeps this path, so it should stay.",
        emptyMeaning: "the release's own folder below your configuration")

    public static let client = Field(
        "client", "Client", .text, at: \.client, .label(example: "alice"),
        help: "The name in the client certificate: who builds.", unless: unlessIssued)

    public static let keyAlgorithm = Field(
        "key-algorithm", "Keys",
        .choice([
            Option(value: "p256", help: "ECDSA on P-256: small, fast, understood everywhere"),
            Option(value: "ed25519", help: "Ed25519"),
            Option(value: "rsa", help: "RSA, for policies that ask for it; slow to make"),
        ]),
        at: \.keyAlgorithm, .choice, help: "The kind of the keys.", unless: unlessIssued)

    public static let authorityDays = Field(
        "authority-days", "Authority, days", .number, at: \.authorityDays, .number(1...36500, example: 3650),
        help: "How long the certificate authority lasts.", unless: unlessIssued)

    public static let days = Field(
        "days", "Certificates, days", .number, at: \.days, .number(1...36500, example: 365),
        help: "How long server and client certificates last; not longer than the authority.",
        unless: unlessIssued)

    public static let discardAuthority = Field(
        "discard-authority", "Discard authority", .toggle, at: \.discardAuthority, .toggle,
        help: "Keep no authority key: nobody can issue another certificate, you included.",
        unless: unlessIssued)

    public static let bakeDefinition = Field(
        "bake-definition", "Definition", .text, at: \.bakeDefinition,
        .line(example: Answers.publicBakeDefinition),
        help: "The bake definition that makes the certificates; it gets the SANs separated by spaces.",
        unless: { $0.certificates == .bake ? nil : "it is used only with certificates bake" })

    private static let unlessIssued: @Sendable (Answers) -> String? = {
        $0.certificates == .issue ? nil : "it is used only with certificates issue"
    }

    // MARK: Namespace and release

    public static let namespace = Field(
        "namespace", "Namespace", .text, at: \.namespace, .label(example: "buildkit"),
        help: "The namespace of the installation.",
        installHelp:
            "Created if missing. Use a dedicated one: BuildKit needs the Pod Security level \"privileged\".")

    public static let release = Field(
        "release", "Release", .text, at: \.release, .label(example: "buildkit", longest: 53),
        help: "The Helm release's name.")

    public static let timeout = Field(
        "timeout", "Timeout, seconds", .number, at: \.timeout, .number(1...86400, example: 600),
        help: "The longest wait for pods, the address, running builds and deletions, in seconds.")

    public static let takeOver = Field(
        "take-over", "Take over", .toggle, at: \.takeOver, .toggle,
        help:
            "Replace Secrets that came from elsewhere, take over fields that somebody else has set, and free a "
            + "release that another Helm has locked.")

    // MARK: Builder

    public static let image = Field(
        "image", "Image", .text, at: \.image, .image.orEmpty(), help: "The BuildKit image.",
        emptyMeaning: "the chart's own, which is pinned")

    public static let cpu = Field(
        "cpu", "CPU", .text, at: \.cpu, .quantity(example: "4").orEmpty(),
        help: "The CPU that is asked for; BuildKit may use more where there is more.",
        emptyMeaning: "what the chart asks for")

    public static let memory = Field(
        "memory", "Memory", .text, at: \.memory, .quantity(example: "8Gi").orEmpty(),
        help: "The memory that is asked for, and the limit.", emptyMeaning: "what the chart asks for")

    public static let cache = Field(
        "cache", "Cache", .text, at: \.cache, .cache,
        help: "The size of the volume that keeps layers between builds, or none.")

    public static let storageClass = Field(
        "storage-class", "Storage class", .text, at: \.storageClass, .line(example: "fast-ssd"),
        help: "The StorageClass of the cache volume.", emptyMeaning: "the cluster's default",
        unless: { $0.cache == .none ? "there is no cache volume" : nil })

    public static let security = Field(
        "security", "Security",
        .choice([
            Option(value: "rootless", help: "no root in the pod; works on most clusters"),
            Option(value: "userns", help: "root in a user namespace of its own; Kubernetes 1.33 or later"),
            Option(value: "privileged", help: "root on the node for whoever breaks out; the last choice"),
        ]),
        at: \.security, ValueFormat<SecurityProfile>.choice.orNone(),
        help: "How BuildKit is kept from its node.", emptyMeaning: "the best that the cluster can do")

    public static let mirrors = Field(
        "mirrors", "Mirrors", .list, at: \.mirrors, ValueFormat<RegistryMirror>.mirror.list(limit: 50),
        help: "Registry mirrors, as REGISTRY=MIRROR.", emptyMeaning: "none")

    public static let values = Field(
        "values", "More values", .path, at: \.values, .path(example: "values.yaml"),
        help: "A file of further values for the chart; the answers win over it.", emptyMeaning: "none")

    // MARK: Registration

    public static let builder = Field(
        "builder", "Builder", .text, at: \.builder, .builderName,
        help: "What the builder is called in docker buildx.")

    public static let use = Field(
        "use", "Make current", .toggle, at: \.use, .toggle,
        help: "Let docker buildx build use it without --builder.")

    public static let platforms = Field(
        "platforms", "Platforms", .list, at: \.platforms, ValueFormat<String>.platform.list(limit: 20),
        help: "The platforms to build for.", emptyMeaning: "what the builder says")

    public static let verify = Field(
        "verify", "Prove it", .toggle, at: \.verify, .toggle,
        help:
            "Run a small test build, or a test connection, at the end. Use no if this machine cannot reach the builder."
    )
}

extension ValueFormat where Value == String {
    /// The same rule, with the empty text as one more answer.
    func orEmpty() -> ValueFormat {
        ValueFormat(example: example, print: print) { text throws(FormatError) in
            text.isEmpty ? "" : try parse(text)
        }
    }
}
