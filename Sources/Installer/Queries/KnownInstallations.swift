import FoundationEssentials
import MutualTLS

extension Dependencies {
    /// All installations with a folder on this machine, by context, namespace and release. Nothing but files is read.
    public var knownInstallations: [KnownInstallation] {
        // Which cluster a context without a name is now is not known.
        recordedInstallations.filter { !$0.id.context.isEmpty }
    }

    /// The other installations of this machine whose certificate folders must stay.
    func neighbours(of installation: InstallationID) -> [KnownInstallation] {
        recordedInstallations.filter { known in
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
        installationFolders.map { names in
            // "current" stands for a context without a name.
            let context = names[0] == "current" ? "" : InstallerPaths.context(ofFolder: names[0])
            return InstallationID(context: context, namespace: names[1], release: names[2])
        }
    }

    /// The folders of installations, by the names of their context, namespace and release.
    var installationFolders: [[String]] {
        (1...3).reduce([[]]) { folders, _ in
            folders.flatMap { folder in
                // An unreadable folder contains nothing that could be shown.
                let path = ([places.configuration] + folder).joined(separator: "/")
                let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
                return names.sorted().map { folder + [$0] }
            }
        }
    }

    private func known(_ id: InstallationID) -> KnownInstallation? {
        var answers = Answers(about: id)
        answers.recall(recall(id), except: Set([Field.context, .namespace, .release].map(\.id)))
        let certificates = CertificateLayout(answers, installation: id, places: places, home: home).outer
        let end = certificates.firstEnd
        let settings = settings(of: id)
        // What an uninstall left behind, such as an authority's key, is no installation.
        guard end != nil || settings != nil else { return nil }
        var known = KnownInstallation(
            id, builder: answers.builder, certificatesEnd: end, folder: certificates.path)
        known.settings = settings
        known.hasRecords =
            settings != nil || FileManager.default.fileExists(atPath: places.journal(of: id))
        known.isUnreadable = settings.map { !isReadable($0) } ?? false
        return known
    }

    private func isReadable(_ settings: String) -> Bool {
        do throws(InstallerError) { return try AnswersFile(readingFrom: settings).problems.isEmpty } catch {
            return false
        }
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
