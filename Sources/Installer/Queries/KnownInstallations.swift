import FoundationEssentials
import MutualTLS

extension Dependencies {
    /// All installations with a folder on this machine, by context, namespace and release. Nothing but files is read.
    public var knownInstallations: [KnownInstallation] {
        // "current" stands for a context without a name: which cluster that is now is not known.
        installationFolders.filter { $0[0] != "current" }.compactMap { names in
            known(
                InstallationID(
                    context: InstallerPaths.context(ofFolder: names[0]), namespace: names[1],
                    release: names[2]))
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
        // What an uninstall left behind, such as an authority's key, is no installation.
        guard end != nil || FileManager.default.fileExists(atPath: places.answers(of: id)) else { return nil }
        return KnownInstallation(
            id, builder: answers.builder, certificatesEnd: end, folder: certificates.path)
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
