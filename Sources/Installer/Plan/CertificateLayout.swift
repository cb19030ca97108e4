import MutualTLS

/// The locations of an installation's certificates, and how they are created, for each source.
struct CertificateLayout {
    let answers: Answers
    let installation: InstallationID
    /// The folder with `daemon/` and `client/`.
    let outer: CertificateFolder
    /// The folder with `inner/`: this program's own, even where the user supplies the outer one.
    let inner: CertificateFolder

    init(_ answers: Answers, installation: InstallationID, places: InstallerPaths, home: String) {
        self.answers = answers
        self.installation = installation
        let own = CertificateFolder(path: places.certificates(of: installation))
        outer = answers.certs.isEmpty ? own : CertificateFolder(path: answers.certs.expanded(home: home))
        inner = answers.certificates == .issue || answers.certificates == .bake ? outer : own
    }

    var innerIsOurs: Bool { answers.certificates != .secrets }

    /// The keys of `buildkit-envoy-certs`, and the files with their contents. The revocation lists are not among
    /// them.
    var outerFiles: [String: String] { Self.pairFiles(in: outer) }

    /// The folder of the CA whose revocations belong into `buildkit-envoy-certs`; nil where there are none.
    ///
    /// Only a CA that is kept can revoke. Its list exists from the start, so that a later revocation restarts no pod.
    var revocations: String? {
        answers.certificates == .issue && !answers.discardAuthority ? outer.path : nil
    }

    /// The keys of `buildkit-secrets`, and the files with their contents.
    var innerFiles: [String: String] { Self.innerFiles(in: inner) }

    /// The server's pair and the CAs beside it, as the keys of `buildkit-envoy-certs`.
    static func pairFiles(in folder: CertificateFolder) -> [String: String] {
        [
            "ca.pem": folder.path(of: .serverAuthority), "server.pem": folder.path(of: .serverCertificate),
            "server-key.pem": folder.path(of: .serverKey),
        ]
    }

    static func innerFiles(in folder: CertificateFolder) -> [String: String] {
        [
            "ca.crt": folder.path(of: .innerAuthority),
            "server.crt": folder.path(of: .innerServerCertificate),
            "server.key": folder.path(of: .innerServerKey),
            "client.crt": folder.path(of: .innerClientCertificate),
            "client.key": folder.path(of: .innerClientKey),
        ]
    }

    /// The files of a renewal that go into the Secret that it changes, by the Secret's keys.
    static func files(of change: RenewalOrder.Change, in renewal: CertificateFolder) -> [String: String] {
        change == .inner ? innerFiles(in: renewal) : pairFiles(in: renewal)
    }

    /// The folder from which buildx reads the client certificate.
    var clientFolder: String { "\(outer.path)/client" }
    /// The default names of the Secrets that the chart mounts.
    static let secretNames = (outer: "buildkit-envoy-certs", inner: "buildkit-secrets")

    /// The key of `buildkit-envoy-certs` with the certificates that each machine has issued. No pod mounts it.
    static let clientRegister = "clients.json"

    var outerSecret: SecretName { secret(Self.secretNames.outer) }
    var innerSecret: SecretName { secret(Self.secretNames.inner) }

    private func secret(_ name: String) -> SecretName {
        SecretName(context: installation.context, namespace: installation.namespace, name: name)
    }

    var order: CertificateOrder {
        CertificateOrder(
            names: answers.names, client: answers.client, algorithm: answers.keyAlgorithm,
            authorityDays: answers.authorityDays, days: answers.days, keepAuthority: !answers.discardAuthority
        )
    }
}
