import FoundationEssentials
@testable import Installer
import Testing

/// Two installations of one machine, whose client files are in the same folder.
@Suite struct BuilderOwnershipTests {
    private let shared = "/shared/client"
    private let name = "remote-kubernetes"
    private let first = InstallationID(context: "production", namespace: "first", release: "buildkit")

    private func builder(reading folder: String, at endpoint: String = "tcp://192.0.2.1:1234")
        -> Facts.Builder
    {
        .reading(folder, at: endpoint, name)
    }

    /// The first installation has recorded the builder.
    private var recordedByFirst: [KnownInstallation] {
        [KnownInstallation(first, builder: name, certificatesEnd: nil, folder: "/shared")]
    }

    private func folders(recorded: String? = nil, others: [KnownInstallation] = []) -> Facts.ClientFolders {
        Facts.ClientFolders(own: "/own/client", named: [shared], recordedBuilder: recorded, others: others)
    }

    private func facts(_ builder: Facts.Builder, _ folders: Facts.ClientFolders) -> Facts {
        var facts = Facts.installed
        facts.builders = .known(
            Facts.Builders(
                builders: [builder], current: name, defaultConfiguration: nil, dockerContexts: []))
        facts.clientFolders = .known(folders)
        return facts
    }

    private func owner(
        _ builder: Facts.Builder, _ folders: Facts.ClientFolders, at host: String = "192.0.2.2"
    )
        -> Ownership?
    {
        var answers = Answers()
        answers.endpoint = Endpoint(host: host, port: 1234)
        return facts(builder, folders).builderOwnership(answers)
    }

    @Test func aFolderOfThisInstallationAloneIsAProof() {
        #expect(owner(builder(reading: "/own/client"), folders()) == .ours)
        #expect(owner(builder(reading: "/own/client2"), folders()) != .ours)
    }

    /// With a folder that two installations have, the record of the last install, or the address, has to agree.
    @Test func aSharedFolderAloneIsNone() {
        let builder = builder(reading: shared)
        let others = [KnownInstallation(first, builder: "theirs", certificatesEnd: nil, folder: "/shared")]
        #expect(
            owner(builder, folders(others: others))
                == .foreign(who: "another builder at tcp://192.0.2.1:1234"))
        #expect(owner(builder, folders(recorded: name, others: others)) == .ours)
        #expect(owner(builder, folders(others: others), at: "192.0.2.1") == .ours)
        // A printed script records nothing.
        #expect(owner(builder, folders()) == .ours)
    }

    @Test func whatAnotherInstallationRecordedIsNotRepointed() {
        let theirs = Ownership.foreign(who: "the \(first)")
        let builder = builder(reading: shared)
        #expect(owner(builder, folders(others: recordedByFirst)) == theirs)
        // Also where both have recorded it, until it is at the address of this one.
        #expect(owner(builder, folders(recorded: name, others: recordedByFirst)) == theirs)
        #expect(
            owner(builder, folders(recorded: name, others: recordedByFirst), at: "192.0.2.1") == .ours)
        // The other one has a folder of its own by now.
        var moved = recordedByFirst
        moved[0].folder = "/elsewhere"
        #expect(owner(builder, folders(recorded: name, others: moved)) == .ours)
    }

    @Test func theDefaultNameOfTheSecondOneDiffers() {
        var answers = Answers()
        answers.namespace = "second"
        func name(_ folders: Facts.ClientFolders, reading folder: String) -> String? {
            facts(builder(reading: folder), folders).builders.value?.defaultName(answers, folders)
        }
        #expect(name(folders(others: recordedByFirst), reading: shared) == "\(self.name)-second")
        // Of the first one, whose folder is another one.
        #expect(name(folders(others: recordedByFirst), reading: "/shared2/client") == "\(self.name)-second")
        #expect(name(folders(), reading: shared) == self.name)
        // Consent was given before.
        #expect(name(folders(recorded: self.name, others: recordedByFirst), reading: shared) == self.name)
    }

    @Test func anUninstallLeavesWhatAnotherInstallationRecorded() {
        var answers = Answers()
        answers.endpoint = Endpoint(host: "192.0.2.1", port: 1234)
        let both = folders(recorded: name, others: recordedByFirst)
        let part = facts(builder(reading: shared), both).installedParts(answers)[.builder]
        #expect(part?.keptBecause == "it belongs to another installation")
        #expect(
            facts(builder(reading: shared), folders(recorded: name)).installedParts(answers).goes(.builder))
    }

    /// The folder's name is the context, encoded.
    @Test func theContextOfABuilderIsNamedAsInTheKubeconfig() {
        let folder = "/home/ada/.config/buildkit-installer/arn%3aaws%2fone/team/buildkit/certs/client"
        #expect(
            builder(reading: folder).installation
                == InstallationID(context: "arn:aws/one", namespace: "team", release: "buildkit"))
    }

    @Test func theRecordsOfThisMachineAreRead() throws {
        let home = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
        let second = InstallationID(context: "production", namespace: "second", release: "buildkit")
        var answers = Answers(about: second)
        answers.certs = "/shared"
        let fresh = dependencies.clientFolders(answers, of: second)
        #expect(fresh.own == "\(dependencies.places.certificates(of: second))/client")
        #expect(fresh.named == [shared])
        #expect(fresh.recordedBuilder == nil && fresh.settings == nil)
        #expect(fresh.others == [])
        for (id, builder) in [(first, name), (second, "mine")] {
            let path = dependencies.places.answers(of: id)
            try FileManager.default.createDirectory(
                atPath: path.parentFolder, withIntermediateDirectories: true)
            try Data(#"{"builder": "\#(builder)", "certs": "/shared"}"#.utf8).write(to: URL(filePath: path))
        }
        let known = dependencies.clientFolders(Answers(about: second), of: second)
        #expect(known.named == [shared])
        #expect(known.recordedBuilder == "mine")
        #expect(known.settings == dependencies.places.answers(of: second))
        #expect(known.others.map(\.id) == [first])
        #expect(known.claimant(of: name, with: builder(reading: shared).nodes[0])?.id == first)
    }

    /// The same folder by another path, and a folder that is not known.
    @Test func whoMayHaveTheSameFolderIsRead() throws {
        let home = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
        let second = InstallationID(context: "production", namespace: "second", release: "buildkit")
        let certs = "\(home.path)/certs"
        try FileManager.default.createDirectory(atPath: certs, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(home.path)/link", withDestinationPath: certs)
        func sharers(_ settings: String, with folder: String) throws -> [KnownInstallation] {
            let path = dependencies.places.answers(of: first)
            try FileManager.default.createDirectory(
                atPath: path.parentFolder, withIntermediateDirectories: true)
            try Data(settings.utf8).write(to: URL(filePath: path))
            var answers = Answers(about: second)
            answers.certs = folder
            return dependencies.clientFolders(answers, of: second).sharers
        }
        let linked = #"{"certs": "\#(home.path)/link"}"#
        #expect(try sharers(linked, with: certs).map(\.id) == [first])
        #expect(try sharers(linked, with: "\(home.path)/other") == [])
        // The folder that belongs to the first one, which the second one was told to use.
        let own = dependencies.places.certificates(of: first)
        #expect(try sharers(#"{"builder": "mine"}"#, with: own).map(\.builder) == ["mine"])
        let unreadable = try #require(try sharers("no settings", with: certs).first)
        #expect(unreadable.doubt == .settings(dependencies.places.answers(of: first)))
        // Releases of one namespace have the same Secrets, so what one of them writes is the other's, too.
        _ = try sharers(linked, with: certs)
        let sibling = InstallationID(context: "production", namespace: "first", release: "sibling")
        var answers = Answers(about: sibling)
        answers.certs = certs
        #expect(dependencies.clientFolders(answers, of: sibling).sharers == [])
    }
}
