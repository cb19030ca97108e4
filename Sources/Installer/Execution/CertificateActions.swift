import FoundationEssentials
import MutualTLS

/// Issues certificates into a folder. A set that an interruption left half-way is brought to its end or its start.
struct CertificateIssuer {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func issue(_ order: CertificateOrder, into folder: String, _ registry: SecretName?) async throws {
        let certificates = CertificateFolder(path: folder)
        // One that was kept, perhaps by an uninstall, still signs: whoever trusts it need not be told of another.
        let authority = try certificates.authority()
        let draft = try await certificates.draft(order, by: authority, now: context.dependencies.now())
        try await SecretWriter(context).register(draft.certificates, in: registry, keptIn: folder)
        let files = try certificates.write(draft, for: order)
        if files.contains(.authorityCertificate) {
            try AuthorityMark(certificates).add(.authorityCertificate, in: certificates)
        }
        await tell(files, in: folder)
    }

    func issueInner(into folder: String, algorithm: KeyAlgorithm, days: Int) async throws {
        let files = try await CertificateFolder(path: folder).issueInner(
            algorithm: algorithm, days: days, now: context.dependencies.now())
        await tell(files, in: folder)
    }

    private func tell(_ files: [CertificateFile], in folder: String) async {
        if files.isEmpty { await context.say("All of them are there already") }
        for file in files { await context.say("\(folder)/\(file.rawValue)") }
    }
}

/// Makes new certificates beside those in use, and puts them into their places.
struct CertificateRenewer {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func prepare(_ order: RenewalOrder, in folder: String, _ registry: SecretName?) async throws {
        let certificates = CertificateFolder(path: folder)
        let draft = try await certificates.draft(order, now: context.dependencies.now())
        try await SecretWriter(context).register(draft.certificates, in: registry, keptIn: folder)
        // Where it is cut short there is none.
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
        if folders.isEmpty { await context.say("All of them are in their places already") }
        for part in folders { await context.say("\(folder)/\(part)") }
    }
}

extension CertificateRenewer {
    /// A new authority is this program's; the one that it takes the place of may be somebody's own.
    private func keepAuthorities(_ certificates: CertificateFolder) async throws {
        guard let pending = try certificates.pendingRenewal() else { return }
        let mark = AuthorityMark(certificates)
        switch pending.order.change {
        case .introduce, .replace, .retire:
            if let place = try mark.keepBrought() {
                await context.say("The authority that was brought is kept in \(place)")
            }
            if pending.order.change != .retire, pending.order.certificates.keepAuthority {
                try mark.add(.authorityCertificate, in: certificates.renewal)
            }
        case .leaves, .inner: break
        }
    }
}

/// Lets `docker buildx bake` make certificates, and puts them into their folder only once they are all there.
struct BakedCertificates {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// The definition writes `daemon/` and `client/` below the folder it runs in.
    func bake(_ command: Command, into folder: String) async throws {
        let oven = TemporaryDirectory(beside: folder)
        try oven.make()
        defer { oven.remove() }
        var command = command
        command.folder = oven.path
        try await context.run(command)
        let files = FileManager.default
        for part in ["daemon", "client"] {
            // mkcert ends well also where it made nothing, as it does without a name.
            guard files.fileExists(atPath: "\(oven.path)/\(part)/cert.pem") else {
                throw InstallerError(
                    "The bake definition made no \(part)/cert.pem",
                    hint: "Have the certificates issued here: --certificates issue")
            }
            do {
                try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(oven.path)/\(part)")
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.moveItem(atPath: "\(oven.path)/\(part)", toPath: "\(folder)/\(part)")
            } catch {
                throw InstallerError("\(folder)/\(part) could not be put into place", detail: error.reason)
            }
        }
    }
}

/// Issues certificates for clients, and takes them back.
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
        else { return await context.say("\(certificates.place(ofClient: order.name)): it is there already") }
        let certificate = signed.certificate
        try await SecretWriter(context).register([certificate], in: registry, keptIn: folder)
        try certificates.keep(signed)
        await context.made(.client(name: order.name, folder: folder, serial: certificate.serial))
        await context.say("\(signed.place): \(certificate.serial), until \(certificate.notAfter.day)")
    }

    /// Forgets a certificate that nobody has got: that one alone.
    func withdraw(_ name: String, serial: String, from folder: String) throws {
        let certificates = CertificateFolder(path: folder)
        let others = try certificates.issuedCertificates().map(\.serial).filter { $0 != serial }
        try certificates.withdrawClient(name, except: others)
    }

    func revoke(_ serials: [String], of client: String, in folder: String) async throws {
        try CertificateFolder(path: folder).revoke(serials, of: client, now: context.dependencies.now())
        for serial in serials { await context.say("\(serial) is on the list") }
    }
}
