import FoundationEssentials
import Installer
import LabSupport
import MutualTLS

/// A copy of the suite's user that a test may damage: a home of its own, with the same builder and a client folder of
/// its own.
struct Patient: Sendable {
    let installation: Installation
    /// The folder with all files of the patient.
    let folder: String
    /// The folder of the client's files that buildx reads.
    let client: String
    var installer: Program
    var docker: Program

    init(of installation: Installation, in folder: String) throws {
        self.installation = installation
        self.folder = folder
        client = "\(folder)/client"
        let home = "\(folder)/home"
        try FileManager.default.copyItem(atPath: installation.laptop.home, toPath: home)
        try FileManager.default.copyItem(
            atPath: "\(installation.certificates.path)/client", toPath: client)
        (installer, docker) = (installation.laptop.installer, installation.laptop.docker)
        installer.environment["HOME"] = home
        docker.environment["HOME"] = home
        try changeBuilder { $0.replacing("\(installation.certificates.path)/client", with: client) }
    }

    var dockerFolder: String { "\(folder)/home/.docker" }
    private var builder: String { "\(dockerFolder)/buildx/instances/remote-kubernetes" }

    /// Changes buildx's record of the builder.
    func changeBuilder(_ change: (String) -> String) throws {
        let text = try String(contentsOf: URL(filePath: builder), encoding: .utf8)
        try Data(change(text).utf8).write(to: URL(filePath: builder))
    }

    func removeBuilder() throws { try FileManager.default.removeItem(atPath: builder) }

    /// Makes buildx dial another endpoint.
    func dial(_ place: String) throws {
        try changeBuilder { $0.replacing("127.0.0.1:\(installation.port)", with: place) }
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(client)/\(name)"))
    }

    func write(_ identity: IssuedCertificate) throws {
        try write(identity.certificate, to: "cert.pem")
        try write(identity.key.revealed, to: "key.pem")
    }

    var authority: CertificateAuthority {
        get throws {
            guard let authority = try installation.certificates.authority() else {
                throw LabFailure("The installation has no authority.")
            }
            return authority
        }
    }

    /// A certificate of the installation's own CA, which becomes valid some days from now.
    func identity(
        _ profile: CertificateProfile = .client(name: "alice"), in start: Double = 0, days: Int = 1
    ) async throws -> IssuedCertificate {
        try await authority.issue(profile, days: days, now: Date(timeIntervalSinceNow: start * 86_400))
    }

    /// Runs kubectl on the installation's objects.
    @discardableResult
    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        try await installation.namespace.kubectl.require(
            arguments + ["-n", installation.namespace.name], input: input)
    }

    func doctor(_ more: String...) async throws -> Outcome {
        try await installer.run(
            ["doctor"] + more + [
                "--namespace", installation.namespace.name, "--certs", installation.certificates.path,
            ])
    }
}
