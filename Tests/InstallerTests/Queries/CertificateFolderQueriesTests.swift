import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// Installations of one machine that use one certificate folder.
@Suite struct SharedFolderTests {
    private let home: TemporaryFolder
    private let dependencies: Dependencies
    private let first = InstallationID(context: "test", namespace: "a", release: "buildkit")
    private let second = InstallationID(context: "test", namespace: "b", release: "buildkit")
    private let who = "the release buildkit in namespace b of context test"

    init() throws {
        home = try TemporaryFolder()
        dependencies = .test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
    }

    private func layout(_ installation: InstallationID, _ certs: String = "") -> CertificateLayout {
        var answers = Answers()
        answers.certs = certs
        return CertificateLayout(
            answers, installation: installation, places: dependencies.places, home: home.path)
    }

    private func issue(_ layout: CertificateLayout) async {
        let action = Action.issueCertificates(
            order: layout.order, folder: layout.outer.path, registry: nil)
        let run = await rehearse(.test([Step(id: "a", title: "A", action: action)]), in: dependencies).run
        #expect(run.succeeded, "\(String(describing: run.failure))")
    }

    private func save(_ settings: String, of installation: InstallationID) throws {
        let path = dependencies.places.answers(of: installation)
        try home.write(settings, to: String(path.dropFirst(home.path.count + 1)))
    }

    private func state(_ layout: CertificateLayout) throws -> Facts.LocalState {
        try layout.localState(
            dependencies.places, beside: dependencies.neighbours(of: layout.installation))
    }

    private func removal(_ state: Facts.LocalState) -> Plan {
        var facts = Facts.installed
        facts.localState = .known(state)
        var answers = Answers()
        answers.remove = RemovablePart.everything
        return planned { try .uninstall(answers, facts, places: dependencies.places) }
    }

    /// By any path of the folder.
    @Test(arguments: ["CERTS", "CERTS/", "LINK"])
    func theOwnFolderStaysWhereAnotherInstallationUsesIt(path: String) async throws {
        let own = layout(first)
        await issue(own)
        try FileManager.default.createSymbolicLink(
            atPath: "\(home.path)/link", withDestinationPath: own.outer.path)
        let path = path.replacing("CERTS", with: own.outer.path).replacing("LINK", with: "\(home.path)/link")
        try save("{}", of: first)
        #expect(try state(own).authority[own.outer]?.contains("authority/key.pem") == true)

        try save(#"{"certs": "\#(path)"}"#, of: second)
        let kept = try state(own)
        #expect(kept.certificates.isEmpty)
        #expect(kept.authority.isEmpty)
        let plan = removal(kept)
        #expect(!plan.steps.contains { $0.id.hasPrefix("certificates") || $0.id.hasPrefix("authority") })
        #expect(
            plan.notes == [
                "Kept: the certificates (in \(own.outer.path)), because \(who) uses them, too.",
                "Kept: the CA key (in \(own.outer.path)/authority), because \(who) uses it, too.",
            ])
    }

    /// Its folder was kept for the other one, which is then the last to use it.
    @Test func anInstallationThatWasRemovedKeepsNoFolder() async throws {
        let own = layout(first)
        await issue(own)
        try save(#"{"certs": "\#(own.outer.path)"}"#, of: second)
        #expect(dependencies.knownInstallations.contains { $0.id == first && !$0.hasRecords })
        let state = try state(layout(second, own.outer.path))
        #expect(state.sharedCertificates.isEmpty && state.sharedAuthorities.isEmpty)
        #expect(state.certificates[own.outer] != nil)
        #expect(state.authority[own.outer] != nil)
    }

    @Test func anInstallationWhoseSettingsCannotBeReadMayUseAnyFolder() async throws {
        let own = layout(first)
        await issue(own)
        try save("{not json", of: second)
        let state = try state(own)
        #expect(state.certificates.isEmpty && state.authority.isEmpty)
        #expect(
            state.sharedAuthorities[own.outer]?.reasonToKeep("it")
                == "\(who) may use it, too: its settings cannot be read (\(dependencies.places.answers(of: second)))"
        )
    }

    /// It has no name to be shown by, and uses the folder all the same.
    @Test func anInstallationOfAContextWithoutANameCounts() async throws {
        let own = layout(first)
        await issue(own)
        let other = InstallationID(context: "", namespace: "b", release: "buildkit")
        try save(#"{"certs": "\#(own.outer.path)"}"#, of: other)
        #expect(try state(own).sharedCertificates[own.outer]?.id == other)
        #expect(!dependencies.knownInstallations.contains { $0.id.namespace == "b" })
        #expect(dependencies.neighbours(of: other).isEmpty)
    }

    /// An uninstall without the CA has left it in a folder that the user named.
    @Test func aCAInANamedFolderIsKnownByItsMark() async throws {
        let named = layout(first, "\(home.path)/named")
        await issue(named)
        try named.outer.remove(named.outer.certificateFiles())
        let state = try state(named)
        #expect(state.certificates.isEmpty)
        #expect(state.authority[named.outer]?.contains("authority/key.pem") == true)
        try FileManager.default.removeItem(atPath: "\(named.outer.path)/\(AuthorityMark.file)")
        #expect(try self.state(named).authority.isEmpty)
    }
}
