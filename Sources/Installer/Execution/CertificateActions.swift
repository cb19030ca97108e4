import FoundationEssentials
import MutualTLS

/// Issues certificates into a folder. A set that an interruption left incomplete is completed or removed.
struct CertificateIssuer {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func issue(_ order: CertificateOrder, into folder: String, _ registry: SecretName?) async throws {
        let certificates = CertificateFolder(path: folder)
        let draft = try await certificates.draft(order, now: context.dependencies.now())
        try await SecretWriter(context).register(draft.certificates, in: registry, keptIn: folder)
        let mark = try draft.authority.map(AuthorityMark(certificates).adding)
        let files = try certificates.write(draft, for: order, mark: mark)
        await tell(files, in: folder)
    }

    func issueInner(into folder: String, algorithm: KeyAlgorithm, days: Int) async throws {
        let files = try await CertificateFolder(path: folder).issueInner(
            algorithm: algorithm, days: days, now: context.dependencies.now())
        await tell(files, in: folder)
    }

    private func tell(_ files: [CertificateFile], in folder: String) async {
        if files.isEmpty { await context.say("All files already exist") }
        for file in files { await context.say("\(folder)/\(file.rawValue)") }
    }
}

/// Creates new certificates beside those in use, and moves them into place.
struct CertificateRenewer {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func prepare(_ order: RenewalOrder, in folder: String, _ registry: SecretName?) async throws {
        let certificates = CertificateFolder(path: folder)
        let draft = try await certificates.draft(order, now: context.dependencies.now())
        try await SecretWriter(context).register(draft.certificates, in: registry, keptIn: folder)
        // An interrupted preparation leaves no renewal.
        let files = try certificates.prepare(draft, for: order)
        await context.made(.renewal(folder: folder))
        for file in files {
            await context.say("\(certificates.renewal.path)/\(file)")
        }
    }

    func install(in folder: String) async throws {
        let certificates = CertificateFolder(path: folder)
        try await keepAuthorities(certificates)
        let folders = try certificates.installRenewal(now: context.dependencies.now())
        if folders.isEmpty { await context.say("All files are already installed") }
        for part in folders { await context.say("\(folder)/\(part)") }
    }

    /// A CA that the user supplied is kept in another place.
    func removeFormerAuthority(in folder: String) async throws {
        let certificates = CertificateFolder(path: folder)
        try await tell(AuthorityMark(certificates).keepBrought([.formerCertificate]))
        try certificates.removeFormerAuthority()
    }
}

extension CertificateRenewer {
    private func tell(_ place: String?) async {
        if let place { await context.say("The provided CA is stored in \(place)") }
    }

    /// The new CA was created by this program; the one that it replaces may have been supplied by the user.
    private func keepAuthorities(_ certificates: CertificateFolder) async throws {
        guard let pending = try certificates.pendingRenewal() else { return }
        let mark = AuthorityMark(certificates)
        switch pending.order.change {
        case .introduce, .replace, .retire:
            try await tell(mark.keepBrought())
            if pending.order.change != .retire, pending.order.certificates.keepAuthority {
                try mark.add(.authorityCertificate, in: certificates.renewal)
            }
        case .leaves, .inner: break
        }
    }
}

/// Runs `docker buildx bake` to create certificates, and moves them into their folder only when all of them exist.
struct BakedCertificates {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// The definition writes `daemon/` and `client/` below its working directory.
    func bake(_ command: Command, into folder: String) async throws {
        let oven = TemporaryDirectory(beside: folder)
        try oven.make()
        defer { oven.remove() }
        var command = command
        command.folder = oven.path
        try await context.run(command)
        let files = FileManager.default
        for part in ["daemon", "client"] {
            // mkcert also succeeds where it created nothing, as it does without a name.
            guard files.fileExists(atPath: "\(oven.path)/\(part)/cert.pem") else {
                throw InstallerError(
                    "The bake definition did not generate \(part)/cert.pem",
                    hint: "Generate the certificates on this machine: --certificates issue")
            }
            do {
                try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(oven.path)/\(part)")
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.moveItem(atPath: "\(oven.path)/\(part)", toPath: "\(folder)/\(part)")
            } catch {
                throw InstallerError("\(folder)/\(part) could not be installed", detail: error.reason)
            }
        }
    }
}

/// Issues and revokes certificates of clients.
struct ClientIssuer {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func issue(
        _ order: ClientOrder, into folder: String, replacing serial: String?, _ registry: SecretName?
    ) async throws {
        let certificates = CertificateFolder(path: folder)
        guard
            let signed = try await certificates.signClient(
                order, replacing: serial, now: context.dependencies.now())
        else { return await context.say("\(certificates.place(ofClient: order.name)): already exists") }
        let certificate = signed.certificate
        try await SecretWriter(context).register([certificate], in: registry, keptIn: folder)
        try certificates.keep(signed)
        await context.made(.client(name: order.name, folder: folder, serial: certificate.serial))
        await context.say(
            "\(signed.place): serial \(certificate.serial), expires on \(certificate.notAfter.day)")
    }

    /// Deletes the record of a certificate that was never delivered, and no other record.
    func withdraw(_ name: String, serial: String, from folder: String) throws {
        let certificates = CertificateFolder(path: folder)
        let others = try certificates.issuedCertificates().map(\.serial).filter { $0 != serial }
        try certificates.withdrawClient(name, except: others)
    }

    func revoke(_ serials: [String], of client: String, in folder: String) async throws {
        try CertificateFolder(path: folder).revoke(serials, of: client, now: context.dependencies.now())
        for serial in serials { await context.say("\(serial) is on the revocation list") }
    }
}
