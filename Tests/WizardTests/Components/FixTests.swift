import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The command in a fix.
@Suite struct FixTests {
    @Test(arguments: [
        ("Register it: buildkit-installer install --context a", "buildkit-installer install --context a"),
        ("Restore it: buildkit-installer wake, or list: kubectl get secrets", "buildkit-installer wake"),
        ("List clients: buildkit-installer client list. To add one, ask.", "buildkit-installer client list"),
        ("Start it: kubectl wait pod/a. ", "kubectl wait pod/a"),
        ("Check it: docker buildx build --progress plain .", "docker buildx build --progress plain ."),
        ("Set it: helm upgrade a --set b=1,c=2", "helm upgrade a --set b=1,c=2"),
        ("Label it: kubectl label node a 'b=c, d'; or wait.", "kubectl label node a 'b=c, d'"),
        ("Check its log: kubectl logs a\nTo keep it, run this again.", "kubectl logs a"),
        ("With flags: --cpu 2, or have it raised: kubectl describe quota", "kubectl describe quota"),
    ])
    func theCommandEndsWhereTheSentenceGoesOn(_ hint: String, _ command: String) {
        #expect(Fix(hint)?.command == command)
        #expect(Fix(hint)?.copied == command)
    }

    @Test(arguments: ["Choose: --security rootless", "Choose an image with --image", "Install kubectl."])
    func wordsAloneAreCopiedWhole(_ hint: String) {
        #expect(Fix(hint)?.command == nil)
        #expect(Fix(hint)?.copied == hint)
    }

    @Test func noHintIsNoFix() {
        #expect(Fix(nil) == nil)
        #expect(Fix("") == nil)
    }

    @Test func aCommandAtTheEndOfALineHasRowsOfItsOwn() {
        let fix = Fix("Check its log: kubectl logs a\nTo keep it, run this again.")
        let lines = fix?.lines(after: Line("Fix   "), columns: 60).map(\.text)
        let rest = "      To keep it, run this again."
        #expect(lines == ["Fix   Check its log:", "        kubectl logs a", rest])
    }

    @Test func aReferenceIsNotWrappedWhereItFitsAlone() {
        let failure = InstallerError("The pods are not ready", code: .podsNotReady)
        #expect(failure.reference(columns: 60).map(\.text) == ["See   docs/troubleshooting.md#PodsNotReady"])
        #expect(
            failure.reference(columns: 40).map(\.text) == ["See   ", "docs/troubleshooting.md#PodsNotReady"])
        #expect(InstallerError("It failed").reference(columns: 60).isEmpty)
    }
}
