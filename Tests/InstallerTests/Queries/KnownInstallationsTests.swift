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

    private func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path.parentFolder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func record(_ events: [RunEvent], of installation: InstallationID) throws {
        try write(
            events.map { "\($0.json)\n" }.joined(), to: dependencies.places.journal(of: installation))
    }

    private func sharers(of folder: String) -> [KnownInstallation] {
        var answers = Answers(about: first)
        answers.certs = folder
        return dependencies.clientFolders(answers, of: first).sharers
    }

    private let other = InstallationID(context: "production", namespace: "elsewhere", release: "buildkit")

    /// Its settings were lost, and its proxy still trusts what is in the folder.
    @Test(arguments: ["install", "rotate", "sleep", "damaged"])
    func anInstallationWithoutSettingsIsKnownByItsJournal(_ verb: String) throws {
        let shared = "\(home.path)/shared"
        var plan = Plan(title: "Test", installation: other, steps: [])
        if verb == "install" { plan.answers = ["certs": shared] }
        if verb == "rotate" { plan.certificateFolder = shared }
        let journal = dependencies.places.journal(of: other)
        try record([.began(plan: plan, at: Date())], of: other)
        if verb == "damaged" { try write("{\n", to: journal) }

        #expect(sharers(of: shared).map(\.id) == [other])
        // A journal that names no folder rules none out.
        let isUnknown = verb == "sleep" || verb == "damaged"
        let doubt: KnownInstallation.Doubt? = isUnknown ? .journal(journal) : nil
        #expect(sharers(of: shared).map(\.doubt) == [doubt])
        #expect(sharers(of: "\(home.path)/another").map(\.id) == (isUnknown ? [other] : []))
        #expect(dependencies.knownInstallations == [])
        let use = try #require(sharers(of: shared).first).use(of: "the same CA")
        // The user can clear it up.
        let way =
            "If it no longer exists: buildkit-installer uninstall --context production --namespace elsewhere "
            + "--release buildkit --builder remote-kubernetes --remove records"
        #expect(use.contains(journal) == isUnknown)
        #expect(use.hasSuffix(way) == isUnknown)
    }

    /// An upgrade or a rotation that was rolled back leaves the installation that it found.
    @Test(arguments: [Plan.Kind.install, .upgrade, .rotate])
    func anInstallThatWasRolledBackIsNoInstallation(_ kind: Plan.Kind) throws {
        let shared = "\(home.path)/shared"
        let step = Step(id: "a", title: "A", action: .unpackChart(folder: "/chart"), undo: [.takeBack])
        var plan = Plan(kind, title: "Test", installation: other, steps: [step])
        (plan.answers, plan.certificateFolder) = (["certs": shared], shared)
        let failed: [RunEvent] = [
            .began(plan: plan, at: Date()), .started(step: "a", at: Date()),
            .made(step: "a", receipt: .record(path: "/chart"), at: Date()),
            .failed(step: "a", failure: InstallerError("x"), at: Date()),
        ]
        // Its changes are there until it has ended, and where they were kept.
        for events in [failed, failed + [.ended(at: Date())], failed + [.undone(step: "a", at: Date())]] {
            try record(events, of: other)
            #expect(sharers(of: shared).map(\.id) == [other])
        }
        try record(failed + [.undone(step: "a", at: Date()), .ended(at: Date())], of: other)
        #expect(sharers(of: shared).map(\.id) == (kind == .install ? [] : [other]))
        // Nothing was changed.
        try record(
            [
                .began(plan: plan, at: Date()), .interrupted(step: "a", at: Date()), .ended(at: Date()),
            ], of: other)
        #expect(sharers(of: shared).map(\.id) == (kind == .install ? [] : [other]))
    }

    /// A link to itself cannot be read by anybody, as a folder of another user cannot by this one.
    @Test(arguments: [0, 1, 2, 3], [true, false])
    func aFolderThatCannotBeReadMayHaveRecords(depth: Int, isState: Bool) throws {
        let places = dependencies.places
        let file = isState ? places.journal(of: other) : places.answers(of: other)
        let folder = (depth..<3).reduce(file.parentFolder) { path, _ in path.parentFolder }
        try FileManager.default.createDirectory(
            atPath: folder.parentFolder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: folder)

        let found = sharers(of: "\(home.path)/shared")
        #expect(found.count == 1)
        let known = try #require(found.first)
        #expect(known.doubt == .folder(folder))
        #expect(
            known.reasonToKeep("them")
                == "an installation may use them, too: its records cannot be read (\(folder))")
        let names = ["CONTEXT", "NAMESPACE", "RELEASE"].enumerated().map { index, word in
            index < depth ? ["production", "elsewhere", "buildkit"][index] : word
        }
        #expect(
            known.installer("install")
                == "buildkit-installer install --context \(names[0]) --namespace \(names[1]) --release \(names[2]) --builder BUILDER"
        )
        #expect(dependencies.knownInstallations == [])
        // Settings that can be read name the folder.
        guard isState, depth == 3 else { return }
        try write("{}", to: places.answers(of: other))
        #expect(sharers(of: "\(home.path)/shared") == [])
    }

    /// They are beside the folders of the contexts and namespaces.
    @Test func otherFilesAreNoRecords() throws {
        try write("log", to: dependencies.places.log)
        try write("", to: "\(dependencies.places.locks)/one")
        try write("{}", to: dependencies.places.localCluster(ofContext: "production"))
        #expect(sharers(of: "\(home.path)/shared") == [])
        #expect(dependencies.neighbours(of: first) == [])
    }
}
