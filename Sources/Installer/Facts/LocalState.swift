import MutualTLS

extension Facts {
    /// The files of an installation on this machine.
    public struct LocalState: Equatable, Sendable {
        /// The folder from which buildx reads the client certificate.
        public var clientFolder: String
        /// The certificate files that this program created or keeps, by their folder and their paths in it; those of
        /// the CA are separate.
        public var certificates: [CertificateFolder: [String]] = [:]
        public var authority: [CertificateFolder: [String]] = [:]
        /// The folders with a CA that the user supplied, which is always kept.
        public var broughtAuthorities: [String] = []
        /// The folders whose certificates are kept because another installation of this machine uses them, too.
        public var sharedCertificates: [CertificateFolder: KnownInstallation] = [:]
        /// The same for the CA.
        public var sharedAuthorities: [CertificateFolder: KnownInstallation] = [:]
        /// The paths of the records.
        public var records: [String] = []
        /// The previously current builder; nil where there was none, or it was not recorded.
        public var formerBuilder: String?

        public init(clientFolder: String) { self.clientFolder = clientFolder }
    }
}

// The parts that these files are. Of several folders, some may be removed and others kept: those that can be removed
// are one part, the first.

extension Facts {
    func certificateParts(_ answers: Answers) -> [InstalledPart] {
        guard let localState = localState.value else { return [] }
        let folders = localState.certificates.keys.map(\.path).sorted()
        let shared = localState.sharedCertificates.sorted { $0.key.path < $1.key.path }.map {
            InstalledPart(
                .certificates, "in \($0.key.path)", keptBecause: $0.value.reasonToKeep("them"), answers)
        }
        guard folders.isEmpty else {
            return [
                InstalledPart(
                    .certificates, "in \(folders.inWords)", keptBecause: reasonToKeepCertificates(answers),
                    answers)
            ] + shared
        }
        guard shared.isEmpty, (folder.value ?? nil) != nil else { return shared }
        return [
            InstalledPart(
                .certificates, "in \(localState.clientFolder.parentFolder)",
                keptBecause: "they were not created by buildkit-installer on this machine", answers)
        ]
    }

    func authorityParts(_ answers: Answers) -> [InstalledPart] {
        guard let localState = localState.value else { return [] }
        func part(in folders: [String], keptBecause reason: String?) -> InstalledPart? {
            let places = folders.map { "\($0)/authority" }.inWords
            return folders.isEmpty
                ? nil : InstalledPart(.authority, "in \(places)", keptBecause: reason, answers)
        }
        let brought = localState.broughtAuthorities
        let made = localState.authority.keys.map(\.path).filter { !brought.contains($0) }.sorted()
        let shared = localState.sharedAuthorities.sorted { $0.key.path < $1.key.path }.map {
            part(in: [$0.key.path], keptBecause: $0.value.reasonToKeep("it"))
        }
        let own = [
            part(in: made, keptBecause: reasonToKeepAuthority(answers)),
            part(in: brought, keptBecause: "it was not created by buildkit-installer"),
        ]
        return (own + shared).compactMap(\.self)
    }

    func recordsParts(_ answers: Answers) -> [InstalledPart] {
        let paths = localState.value?.records ?? []
        let names = paths.compactMap { path in
            ["answers.json": "settings", "chart": "chart", "journal.jsonl": "journal"][path.lastComponent]
        }
        return paths.isEmpty
            ? [] : [InstalledPart(.records, names.isEmpty ? "state files" : names.inWords, answers)]
    }

    /// Without the cluster it is unknown what still needs them: what cannot be issued again is kept.
    private func reasonToKeepCertificates(_ answers: Answers) -> String? {
        guard server.failure != nil, !answers.force, !authorities.certainly({ $0.current?.canSign == true })
        else { return nil }
        return "the cluster does not respond, and without a CA key they cannot be issued again. "
            + "To delete them anyway: --force"
    }

    private func reasonToKeepAuthority(_ answers: Answers) -> String? {
        if server.failure != nil, !answers.force {
            return "the cluster does not respond and may still trust this CA. To delete it anyway: --force"
        }
        // Clients of the Secrets that are kept can only be issued and revoked with it.
        guard answers.remove.contains(.secrets), secretsOwnership == .ours, let users = usersOfSecrets else {
            return nil
        }
        return "\(users) certificates of this CA"
    }
}

extension String {
    fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
