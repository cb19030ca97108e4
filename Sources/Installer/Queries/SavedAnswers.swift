import FoundationEssentials

// What earlier runs saved about an installation.

extension Dependencies {
    /// The saved answers of the installation, by the field's id.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        let collector = FactCollector(dependencies: self, answers: answers)
        return await collector.knownInstallation().map { recall($0) } ?? [:]
    }

    /// The folders of an installation's client files, by the answers and by those of its last install, and the builders
    /// that this machine has records of.
    func clientFolders(_ answers: Answers, of installation: InstallationID) -> Facts.ClientFolders {
        var before = Answers()
        before.recall(recall(installation), except: [])
        let own = "\(places.certificates(of: installation))/client"
        let layouts = [answers, before].map {
            CertificateLayout($0, installation: installation, places: places, home: home)
        }
        let settings = settings(of: installation)
        return Facts.ClientFolders(
            own: own, inner: layouts[0].inner.path,
            named: Set(layouts.map(\.clientFolder)).subtracting([own]).sorted(),
            recordedBuilder: settings.map { _ in before.builder }, settings: settings,
            others: knownInstallations.filter { $0.id != installation },
            sharers: sharers(of: layouts[0].outer, beside: installation),
            secretsFolders: secretsFolders(of: installation, except: layouts[0].outer, answers))
    }

    /// The name of the builder for an install without a given one.
    public func defaultBuilder(for answers: Answers) async -> String {
        // Where the builders cannot be listed, a check reports it.
        guard let builders = try? BuildxState(of: self).builders(), !builders.builders.isEmpty else {
            return answers.builder
        }
        let installation = await FactCollector(dependencies: self, answers: answers).installation()
        return builders.defaultName(answers, clientFolders(answers, of: installation))
    }

    /// The file with the saved answers of an installation whose context is named; nil: there is none.
    func settings(of installation: InstallationID) -> String? {
        let path = places.answers(of: installation)
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The saved answers of an installation whose context is named.
    ///
    /// They are only defaults: where they cannot be read, there are none.
    func recall(_ installation: InstallationID) -> [Field.ID: String] {
        do throws(InstallerError) {
            return try AnswersFile(savedAt: places.answers(of: installation)).texts
        } catch { return [:] }
    }
}
