@testable import Installer
import MutualTLS
import Testing

@Suite struct LocalStateTests {
    /// The own folder belongs to this installation alone; the one that the user named does not.
    @Test func ofTwoFoldersOneGoesAndTheOtherStays() {
        let (own, named) = (CertificateFolder(path: Facts.certs), CertificateFolder(path: "/named"))
        let other = KnownInstallation(
            InstallationID(context: "", namespace: "b", release: "buildkit"), builder: "b",
            certificatesEnd: nil,
            folder: named.path)
        var localState = Facts.LocalState(clientFolder: "/named/client")
        localState.certificates = [own: ["client/key.pem"]]
        localState.authority = [own: ["authority/key.pem"]]
        localState.sharedCertificates = [named: other]
        localState.sharedAuthorities = [named: other]
        localState.broughtAuthorities = ["/brought"]
        var facts = Facts.installed
        facts.localState = .known(localState)
        var answers = Answers()
        answers.remove = RemovablePart.everything

        let parts = facts.installedParts(answers)
        #expect(parts.goes(.certificates))
        #expect(parts.goes(.authority))
        let places = InstallerPaths(home: "/home/ada", environment: [:])
        let plan = planned { try .uninstall(answers, facts, places: places) }
        let folders = plan.steps.compactMap { step -> String? in
            if case .removeCertificates(let folder, _) = step.action { folder } else { nil }
        }
        #expect(folders == [own.path, own.path])
        let reason = "because the release buildkit in namespace b uses"
        #expect(
            plan.notes == [
                "Kept: the certificates (in /named), \(reason) them, too.",
                "Kept: the CA key (in /brought/authority), because it was not created by buildkit-installer.",
                "Kept: the CA key (in /named/authority), \(reason) it, too.",
            ])
    }
}
