// What earlier runs saved about an installation.

extension Dependencies {
    /// The saved answers of the installation, by the field's id.
    public func recall(_ answers: Answers) async -> [Field.ID: String] {
        recall(await FactCollector(dependencies: self, answers: answers).installation())
    }

    /// The folders of an installation's client files: by the answers, and by those of its last install.
    func clientFolders(_ answers: Answers, of installation: InstallationID) -> [String] {
        var before = Answers()
        before.recall(recall(installation), except: [])
        let folders = [answers, before].map {
            CertificateLayout($0, installation: installation, places: places, home: home).clientFolder
        }
        return Array(Set(folders)).sorted()
    }

    /// The name of the builder for an install without a given one.
    public func defaultBuilder(for answers: Answers) async -> String {
        // Where the builders cannot be listed, a check reports it.
        guard let builders = try? BuildxState(of: self).builders(), !builders.builders.isEmpty else {
            return answers.builder
        }
        let installation = await FactCollector(dependencies: self, answers: answers).installation()
        return builders.defaultName(answers, reading: clientFolders(answers, of: installation))
    }

    /// The saved answers of an installation whose context is named.
    ///
    /// They are only defaults: where they cannot be read, there are none.
    func recall(_ installation: InstallationID) -> [Field.ID: String] {
        do throws(InstallerError) {
            return try AnswersFile(readingFrom: places.answers(of: installation)).texts
        } catch { return [:] }
    }
}
