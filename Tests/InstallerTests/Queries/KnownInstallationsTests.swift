import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// The certificate folders of this machine, by the installations that use them.
@Suite struct KnownInstallationsTests {
    private let home: TemporaryFolder
    private let dependencies: Dependencies
    private let first = InstallationID(context: "production", namespace: "team", release: "first")
    private let second = InstallationID(context: "production", namespace: "team", release: "second")

    init() throws {
        home = try TemporaryFolder()
        dependencies = .test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
    }

    /// The owner of Secrets with the CA of a folder.
    private func owner(of folder: CertificateFolder, _ answers: Answers) throws -> Ownership? {
        let authority = try #require(try folder.keptAuthority()).certificate
        let state = Facts.SecretState(digests: [:], certificates: [authority], isOurs: true)
        var facts = Facts.empty
        facts.secrets = .known(Facts.Secrets(outer: state, inner: nil, findings: []))
        facts.clientFolders = .known(dependencies.clientFolders(answers, of: answers.installation))
        return facts.secretsOwnership
    }

    private func issue(into path: String) async throws -> CertificateFolder {
        let folder = CertificateFolder(path: path)
        try await folder.issue(CertificateOrder(names: Answers().names, client: "admin"), now: Date())
        return folder
    }

    @Test func theFolderOfAnotherReleaseIsFoundByTheCA() async throws {
        let folder = try await issue(into: dependencies.places.certificates(of: first))
        _ = try await issue(into: dependencies.places.certificates(of: second))
        guard case .otherFolder(let found)? = try owner(of: folder, Answers(about: second)) else {
            return #expect(Bool(false))
        }
        #expect(found.path == folder.path)
        #expect(found.installation == first)
        // The Secrets of another namespace are others.
        var elsewhere = second
        elsewhere.namespace = "elsewhere"
        guard case .otherMachine? = try owner(of: folder, Answers(about: elsewhere)) else {
            return #expect(Bool(false))
        }
    }

    /// An install resets all settings that it is not given, so its command names their file.
    @Test func theSettingsOfAnInstallationAreFound() async throws {
        _ = try await issue(into: dependencies.places.certificates(of: first))
        _ = try await issue(into: dependencies.places.certificates(of: second))
        let settings = dependencies.places.answers(of: second)
        try Data(#"{"endpoint": "b.test:1", "exposure": "load-balancer"}"#.utf8).write(
            to: URL(filePath: settings))
        let known = dependencies.knownInstallations
        #expect(known.map(\.settings) == [nil, settings])
        let command = try #require(known.last).installer("install")
        #expect(command.hasSuffix(" --answers \(settings.shellQuoted)"))
        #expect(try AnswersFile(readingFrom: settings).texts["endpoint"] == "b.test:1")
    }

    /// The user named it then, and not now.
    @Test func theFolderOfTheLastInstallIsFound() async throws {
        let folder = try await issue(into: "\(home.path)/named")
        let settings = dependencies.places.answers(of: first)
        try FileManager.default.createDirectory(
            atPath: settings.parentFolder, withIntermediateDirectories: true)
        try Data(#"{"certs": "\#(folder.path)"}"#.utf8).write(to: URL(filePath: settings))
        guard case .otherFolder(let found)? = try owner(of: folder, Answers(about: first)) else {
            return #expect(Bool(false))
        }
        #expect(found.path == folder.path)
        // The folder of the answers is judged by its own facts.
        var answers = Answers(about: first)
        answers.certs = folder.path
        #expect(dependencies.clientFolders(answers, of: first).secretsFolders == [])
    }

    /// Its settings were lost, and its proxy still trusts what is in the folder.
    @Test(arguments: ["install", "rotate", "sleep", "damaged"])
    func anInstallationWithoutSettingsIsKnownByItsJournal(_ verb: String) throws {
        let shared = "\(home.path)/shared"
        let other = InstallationID(context: "production", namespace: "elsewhere", release: "buildkit")
        let steps: [Step] =
            verb == "rotate"
            ? [
                Step(
                    id: "renewal", title: "Renew",
                    action: .prepareRenewal(
                        order: RenewalOrder(
                            .leaves, CertificateOrder(names: Answers().names, client: "admin")),
                        folder: shared, registry: nil))
            ] : []
        var plan = Plan(title: "Test", installation: other, steps: steps)
        if verb == "install" { plan.answers = ["certs": shared] }
        let path = dependencies.places.journal(of: other)
        try FileManager.default.createDirectory(
            atPath: path.parentFolder, withIntermediateDirectories: true)
        let text = verb == "damaged" ? "{" : RunEvent.began(plan: plan, at: Date()).json
        try Data("\(text)\n".utf8).write(to: URL(filePath: path))

        func sharers(of folder: String) -> [KnownInstallation] {
            var answers = Answers(about: first)
            answers.certs = folder
            return dependencies.clientFolders(answers, of: first).sharers
        }
        #expect(sharers(of: shared).map(\.id) == [other])
        // A journal that names no folder rules none out.
        let isUnknown = verb == "sleep" || verb == "damaged"
        #expect(sharers(of: shared).map(\.isUnreadable) == [isUnknown])
        #expect(sharers(of: "\(home.path)/another").map(\.id) == (isUnknown ? [other] : []))
        #expect(dependencies.knownInstallations == [])
    }
}
