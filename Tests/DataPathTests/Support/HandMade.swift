import FoundationEssentials
import LabSupport

/// Manually created certificates from openssl, as users have them: one CA for both hops, clients without a URI, no
/// revocation list.
struct HandMade {
    let folder: String
    private static let openssl = Program("openssl")

    /// - Parameter folder: an empty folder.
    init(in folder: String) async throws {
        self.folder = folder
        try await certificate("ca", "/CN=team", "basicConstraints=critical,CA:TRUE", signed: false)
        try await certificate("proxy", "/CN=proxy", "subjectAltName=DNS:\(Installation.name)")
        try await certificate("server", "/CN=buildkitd", "subjectAltName=DNS:buildkitd,DNS:localhost")
        try await certificate("client", "/CN=client", "extendedKeyUsage=clientAuth")
    }

    private func certificate(_ name: String, _ subject: String, _ extension: String, signed: Bool = true)
        async throws
    {
        try await Self.openssl.require(
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", subject, "-addext",
                `extension`,
                "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).crt",
            ]
                + (signed
                    ? [
                        "-CA", "\(folder)/ca.crt", "-CAkey", "\(folder)/ca.key", "-addext",
                        "basicConstraints=critical,CA:FALSE",
                    ] : []))
    }

    /// Stores them as described in the chart's README.
    func store(in namespace: Namespace) async throws {
        try await create(
            "buildkit-envoy-certs",
            ["ca.pem": "ca.crt", "server.pem": "proxy.crt", "server-key.pem": "proxy.key"],
            in: namespace)
        try await create(
            "buildkit-secrets",
            [
                "ca.crt": "ca.crt", "server.crt": "server.crt", "server.key": "server.key",
                "client.crt": "client.crt", "client.key": "client.key",
            ], in: namespace)
    }

    private func create(_ secret: String, _ files: [String: String], in namespace: Namespace) async throws {
        try await namespace.kubectl.require(
            ["create", "secret", "generic", secret, "-n", namespace.name]
                + files.map { "--from-file=\($0.key)=\(folder)/\($0.value)" })
    }

    /// Arranges them for the installer: `daemon/` and `client/`.
    func layOut(in target: String) throws {
        for (part, pair) in [("daemon", "proxy"), ("client", "client")] {
            try FileManager.default.createDirectory(
                atPath: "\(target)/\(part)", withIntermediateDirectories: true)
            for (name, source) in [
                ("ca.pem", "ca.crt"), ("cert.pem", "\(pair).crt"), ("key.pem", "\(pair).key"),
            ] {
                try FileManager.default.copyItem(
                    atPath: "\(folder)/\(source)", toPath: "\(target)/\(part)/\(name)")
            }
        }
    }

    /// The driver options for `docker buildx create`.
    var driverOptions: String {
        "cacert=\(folder)/ca.crt,cert=\(folder)/client.crt,key=\(folder)/client.key,servername=\(Installation.name)"
    }
}
