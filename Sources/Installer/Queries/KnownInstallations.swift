import FoundationEssentials
import MutualTLS

extension Dependencies {
    /// All installations with certificates or settings on this machine, by context, namespace and release. Nothing but files is
    /// read.
    public var knownInstallations: [KnownInstallation] {
        recordedInstallations.filter { known in
            // Which cluster a context without a name is now is not known. A journal alone shows that something was run.
            !known.id.context.isEmpty && (known.certificatesEnd != nil || known.settings != nil)
        }
    }

    /// The other installations of this machine whose certificate folders must stay.
    func neighbours(of installation: InstallationID) -> [KnownInstallation] {
        (recordedInstallations + unreadableInstallations).filter { known in
            known.hasRecords && places.answers(of: known.id) != places.answers(of: installation)
        }
    }

    /// The other installations that use a certificate folder, or may use it, with Secrets of their own.
    func sharers(of folder: CertificateFolder, beside installation: InstallationID) -> [KnownInstallation] {
        neighbours(of: installation).filter {
            $0.mayUse(folder) && !$0.id.hasSecrets(of: installation)
        }
    }

    /// The certificate folders of this machine, except one, from which an installation's Secrets may have been created.
    func secretsFolders(
        of installation: InstallationID, except folder: CertificateFolder, _ answers: Answers
    ) -> [Facts.SecretsFolder] {
        recordedIDs.filter { $0.hasSecrets(of: installation) }.compactMap(known).compactMap { known in
            guard known.folder.canonicalPath != folder.path.canonicalPath else { return nil }
            var answers = answers
            answers.certs = known.folder
            let layout = CertificateLayout(answers, installation: known.id, places: places, home: home)
            // A CA that cannot be read proves nothing.
            guard let authorities = try? layout.authorities() else { return nil }
            return Facts.SecretsFolder(known.folder, of: known.id, authorities, files: layout.digests)
        }
    }

    private var recordedInstallations: [KnownInstallation] { recordedIDs.compactMap(known) }

    private var recordedIDs: [InstallationID] {
        let journals = RecordTree(places.state).installations.filter {
            hasJournal(Self.installation(ofFolder: $0))
        }
        return Set(installationFolders + journals).sorted { $0.lexicographicallyPrecedes($1) }
            .map(Self.installation(ofFolder:))
    }

    /// "current" stands for a context without a name.
    private static func installation(ofFolder names: [String]) -> InstallationID {
        InstallationID(context: context(ofFolder: names[0]), namespace: names[1], release: names[2])
    }

    private static func context(ofFolder name: String) -> String {
        name == "current" ? "" : InstallerPaths.context(ofFolder: name)
    }

    private func hasJournal(_ id: InstallationID) -> Bool {
        FileManager.default.fileExists(atPath: places.journal(of: id))
    }

    /// The folders of installations with certificates or settings, by the names of their context, namespace and release.
    var installationFolders: [[String]] { RecordTree(places.configuration).installations }

    /// The installations that may have records in folders that cannot be read.
    private var unreadableInstallations: [KnownInstallation] {
        let configuration = RecordTree(places.configuration)
        let state = RecordTree(places.state)
        let settings = configuration.unreadable
        let journals = state.unreadable.filter { names in
            guard !settings.contains(names), state.path(of: names) != places.locks else { return false }
            // Where there are settings, they name the certificate folder.
            return names.count < 3 || self.settings(of: Self.installation(ofFolder: names)) == nil
        }
        return settings.map { unreadable($0, in: configuration) } + journals.map { unreadable($0, in: state) }
    }

    private func unreadable(_ names: [String], in tree: RecordTree) -> KnownInstallation {
        KnownInstallation(
            unreadable: tree.path(of: names), context: names.first.map(Self.context(ofFolder:)),
            names: names.dropFirst())
    }

    private func known(_ id: InstallationID) -> KnownInstallation? {
        let settings = settings(of: id)
        let journal = places.journal(of: id)
        // Without its settings, the last run may have recorded them, or at least its certificate folder.
        let run = settings == nil ? Journal.run(at: journal) : nil
        let isInstalled = run?.leftNoInstallation != true
        let isJournaled = isInstalled && hasJournal(id)
        let plan = isInstalled ? run?.plan : nil
        var answers = Answers(about: id)
        answers.recall(
            plan?.answers ?? recall(id), except: Set([Field.context, .namespace, .release].map(\.id)))
        let folder = plan?.certificateFolder
        if plan?.answers == nil, let folder { answers.certs = folder }
        let certificates = CertificateLayout(answers, installation: id, places: places, home: home).outer
        let end = certificates.firstEnd
        // What an uninstall left behind, such as an authority's key, is no installation.
        guard end != nil || settings != nil || isJournaled else { return nil }
        var known = KnownInstallation(
            id, builder: answers.builder, certificatesEnd: end, folder: certificates.path)
        known.settings = settings
        known.hasRecords = settings != nil || isJournaled
        // Its folder is unknown where no record names it, unless it has certificates in the usual one.
        if let settings {
            known.doubt = isReadable(settings) ? nil : .settings(settings)
        } else if isJournaled, end == nil, plan?.answers == nil, folder == nil {
            known.doubt = .journal(journal)
        }
        return known
    }

    private func isReadable(_ settings: String) -> Bool {
        do throws(InstallerError) { return try AnswersFile(savedAt: settings).problems.isEmpty } catch {
            return false
        }
    }
}

/// The folders of installations below a root of this program: a context's, in it a namespace's, in it a release's.
private struct RecordTree {
    private let root: String
    /// By the names of context, namespace and release.
    let installations: [[String]]
    /// With the root and the folders of contexts and namespaces, by as many names.
    private let all: [[String]]

    init(_ root: String) {
        var folders: [[String]] = [[]]
        var all = folders
        for _ in 1...3 {
            folders = folders.flatMap { folder in
                let path = Self.path(of: folder, in: root)
                let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
                return names.sorted().map { folder + [$0] }
            }
            all += folders
        }
        (self.root, self.all, installations) = (root, all, folders)
    }

    var unreadable: [[String]] { all.filter { path(of: $0).isUnreadableFolder } }

    func path(of names: [String]) -> String { Self.path(of: names, in: root) }

    private static func path(of names: [String], in root: String) -> String {
        ([root] + names).joined(separator: "/")
    }
}

extension CertificateFolder {
    /// The earlier expiry of the server and the client certificate.
    var firstEnd: Date? {
        [CertificateFile.serverCertificate, .clientCertificate].compactMap { file in
            // A folder may contain only the client's part; a missing certificate has no expiry.
            guard let bytes = try? bytes(of: file) else { return nil }
            return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self)).notAfter
        }.min()
    }
}
