import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// Existing certificates that are not usable: the checks report the file and the reason before any change.
@Suite struct BadCertificateTests {
    /// A defect of one file, for any location of the certificates.
    struct Fault: CustomTestStringConvertible, Sendable {
        let file: CertificateFile
        /// The content that replaces the file.
        enum Content: Sendable { case nothing, nonsense, otherPair, lastYear }
        let content: Content
        /// The expected message; FILE and CERTIFICATE stand for its own name and that of its certificate.
        let words: String

        var testDescription: String { "\(file.rawValue): \(content)" }
    }

    static let faults = [
        Fault(file: .serverCertificate, content: .nothing, words: "FILE is missing."),
        Fault(file: .serverKey, content: .nothing, words: "FILE is missing."),
        Fault(file: .serverAuthority, content: .nothing, words: "FILE is missing."),
        Fault(file: .serverCertificate, content: .nonsense, words: "FILE"),
        Fault(file: .serverKey, content: .otherPair, words: "FILE does not match CERTIFICATE"),
        Fault(file: .serverCertificate, content: .lastYear, words: "FILE (“CN=builder.test”) expired on"),
    ]
    static let innerFaults = [
        Fault(file: .innerClientKey, content: .nothing, words: "FILE is missing."),
        Fault(file: .innerServerKey, content: .otherPair, words: "FILE does not match CERTIFICATE"),
        Fault(file: .innerAuthority, content: .nonsense, words: "FILE"),
        Fault(
            file: .innerClientCertificate, content: .lastYear, words: "FILE (“CN=proxy”) expired on"),
    ]

    private static let outerSecret: [CertificateFile: String] = [
        .serverAuthority: "ca.pem", .serverCertificate: "server.pem", .serverKey: "server-key.pem",
    ]
    private static let innerSecret: [CertificateFile: String] = [
        .innerAuthority: "ca.crt", .innerServerCertificate: "server.crt", .innerServerKey: "server.key",
        .innerClientCertificate: "client.crt", .innerClientKey: "client.key",
    ]

    @Test(arguments: faults + innerFaults)
    func inASecret(fault: Fault) async throws {
        try await Installation.begin { installation in
            let certificates = try await folder(in: installation, with: fault)
            let kubectl = installation.cluster.kubectl
            try await kubectl.require("create", "namespace", installation.namespace)
            for (name, keys) in [
                ("buildkit-envoy-certs", Self.outerSecret), ("buildkit-secrets", Self.innerSecret),
            ] {
                let files = keys.filter {
                    FileManager.default.fileExists(atPath: certificates.path(of: $0.key))
                }
                try await kubectl.require(
                    ["create", "secret", "generic", name, "--namespace", installation.namespace]
                        + files.map { "--from-file=\($0.value)=\(certificates.path(of: $0.key))" })
            }
            try await expect(fault, on: installation, "--certificates", "secrets") { file in
                Self.outerSecret[file].map { "buildkit-envoy-certs/\($0)" }
                    ?? Self.innerSecret[file].map { "buildkit-secrets/\($0)" } ?? file.rawValue
            }
        }
    }

    @Test(arguments: faults)
    func inAFolder(fault: Fault) async throws {
        try await Installation.begin { installation in
            let certificates = try await folder(in: installation, with: fault)
            try await expect(
                fault, on: installation, "--certificates", "folder", "--certs", certificates.path,
                name: \.rawValue)
            #expect(try await !installation.cluster.has(installation.namespace))
        }
    }

    @Test func aSecretThatIsNotThereIsNamed() async throws {
        try await Installation.begin { installation in
            try await installation.cluster.kubectl.require("create", "namespace", installation.namespace)
            let outcome = try await installation.install("--certificates", "secrets")
            #expect(outcome.status == 69)
            #expect(
                outcome.errors.contains(
                    "Secret buildkit-envoy-certs and buildkit-secrets not found in namespace \(installation.namespace)"
                ))
        }
    }

    /// Valid certificates except for the fault.
    private func folder(in installation: Installation, with fault: Fault) async throws -> CertificateFolder {
        let order = CertificateOrder(
            names: [try SubjectName("builder.test")], client: "ada", authorityDays: 300, days: 300)
        let folder = CertificateFolder(path: "\(installation.folder)/certs")
        let other = CertificateFolder(path: "\(installation.folder)/other")
        _ = try await folder.issue(order, now: Date())
        let path = folder.path(of: fault.file)
        switch fault.content {
        case .nothing: try FileManager.default.removeItem(atPath: path)
        case .nonsense: try Data("nonsense\n".utf8).write(to: URL(filePath: path))
        case .otherPair, .lastYear:
            let age: TimeInterval = fault.content == .lastYear ? 400 * 86_400 : 0
            _ = try await other.issue(order, now: Date(timeIntervalSinceNow: -age))
            try Data(contentsOf: URL(filePath: other.path(of: fault.file))).write(to: URL(filePath: path))
        }
        return folder
    }

    private func expect(
        _ fault: Fault, on installation: Installation, _ flags: String..., name: (CertificateFile) -> String
    ) async throws {
        let outcome = try await installation.laptop.installer.run(
            ["install", "--yes"] + installation.answers + ["--servername", "builder.test"] + flags)
        #expect(outcome.status == 69)
        let certificate =
            fault.file == .innerServerKey ? CertificateFile.innerServerCertificate : .serverCertificate
        let words = fault.words.replacing("FILE", with: name(fault.file))
            .replacing("CERTIFICATE", with: name(certificate))
        #expect(outcome.errors.contains(words), "\(outcome)")
        #expect(outcome.errors.hasSuffix("No changes were made.\n"))
    }
}
