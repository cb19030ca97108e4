import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// This program never deletes a CA that the user supplied.
@Suite struct AuthorityMarkTests {
    private let home: TemporaryFolder
    private let dependencies: Dependencies
    private let certificates: CertificateLayout
    private var folder: CertificateFolder { certificates.outer }

    init() throws {
        home = try TemporaryFolder()
        dependencies = .test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
        certificates = CertificateLayout(
            Answers(), installation: Answers().installation, places: dependencies.places, home: home.path)
    }

    private func perform(_ action: Action) async {
        let run = await rehearse(.test([Step(id: "a", title: "A", action: action)]), in: dependencies).run
        #expect(run.succeeded, "\(String(describing: run.failure))")
    }

    private func issue() async {
        await perform(.issueCertificates(order: certificates.order, folder: folder.path, registry: nil))
    }

    /// A CA with its key, supplied by the user.
    private func bring() async throws {
        let company = CertificateFolder(path: "\(home.path)/company")
        try await company.issue(certificates.order, now: dependencies.now())
        try PrivateFile.makeFolder("\(folder.path)/authority")
        for file in [CertificateFile.authorityCertificate, .authorityKey] {
            try PrivateFile.write(try company.bytes(of: file), to: folder.path(of: file))
        }
    }

    @Test func anAuthorityThatWasMadeHereMayGo() async throws {
        await issue()
        let state = try certificates.localState(dependencies.places, beside: [])
        #expect(state.authority[folder]?.contains("authority/key.pem") == true)
        #expect(state.authority[folder]?.contains(AuthorityMark.file) == true)
        #expect(state.broughtAuthorities == [])
    }

    /// The certificate of a CA that was created here is deleted last.
    @Test func aKeyWithoutItsAuthorityStays() async throws {
        await issue()
        try CertificateFolder(path: folder.path).remove([CertificateFile.authorityCertificate.rawValue])
        let state = try certificates.localState(dependencies.places, beside: [])
        #expect(state.authority[folder]?.contains("authority/key.pem") == false)
    }

    @Test func aFolderOfTwoInstallationsStays() async throws {
        var answers = Answers()
        answers.certs = "\(home.path)/shared"
        let layout = CertificateLayout(
            answers, installation: answers.installation, places: dependencies.places, home: home.path)
        try await layout.outer.issue(certificates.order, now: dependencies.now())
        let other = KnownInstallation(
            InstallationID(context: "test", namespace: "other", release: "buildkit"), builder: "other",
            certificatesEnd: nil, folder: "\(home.path)/shared")
        #expect(try layout.localState(dependencies.places, beside: []).certificates[layout.outer] != nil)
        let state = try layout.localState(dependencies.places, beside: [other])
        #expect(state.certificates[layout.outer] == nil)
        #expect(state.authority[layout.outer] == nil)
        #expect(state.sharedCertificates == [layout.outer: other])
    }

    @Test func anAuthorityThatWasBroughtStays() async throws {
        try await bring()
        await issue()
        let state = try certificates.localState(dependencies.places, beside: [])
        for file in ["authority/ca.pem", "authority/key.pem", "authority/crl.pem"] {
            #expect(state.authority[folder]?.contains(file) != true, "\(file)")
        }
        #expect(state.broughtAuthorities == [folder.path])
        var facts = Facts.installed
        facts.localState = .known(state)
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(
            facts.installedParts(answers)[.authority]?.keptBecause
                == "it was not created by buildkit-installer")
        #expect(
            !planned { try .uninstall(answers, facts, places: dependencies.places) }.steps.contains {
                $0.id == "authority"
            })
    }

    /// With the keys of both, as a handover of manually created Secrets needs them.
    @Test func aFormerAuthorityThatWasBroughtIsKeptElsewhere() async throws {
        try await bring()
        await issue()
        let brought = "\(folder.path)/brought"
        try PrivateFile.makeFolder("\(folder.path)/authority/former")
        for (file, source) in [
            (CertificateFile.formerCertificate, CertificateFile.authorityCertificate),
            (.formerKey, .authorityKey),
        ] {
            try PrivateFile.write(try folder.bytes(of: source), to: folder.path(of: file))
        }
        let key = try folder.bytes(of: .formerKey)
        await perform(.removeFormerAuthority(folder: folder.path))
        #expect(try folder.keptFormerAuthority() == nil)
        #expect(try folder.keptAuthority()?.canSign == true)
        // Only what was deleted is copied.
        let places = try FileManager.default.contentsOfDirectory(atPath: brought)
        #expect(places.count == 1)
        #expect(Array(try Data(ofFile: "\(brought)/\(places[0])/key.pem")) == key)
        await perform(.removeFormerAuthority(folder: folder.path))
    }

    @Test func anAuthorityThatWasBroughtIsKeptThroughARotation() async throws {
        try await bring()
        await issue()
        let key = try folder.bytes(of: .authorityKey)
        await perform(
            .prepareRenewal(
                order: RenewalOrder(.replace, certificates.order), folder: folder.path, registry: nil))
        await perform(.installRenewal(folder: folder.path))
        #expect(try folder.bytes(of: .authorityKey) != key)
        let places = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/brought")
        #expect(places.count == 1)
        #expect(Array(try Data(ofFile: "\(folder.path)/brought/\(places[0])/key.pem")) == key)
        // This program created the new one.
        #expect(try folder.ownAuthorityFiles().contains("authority/key.pem"))
    }
}
