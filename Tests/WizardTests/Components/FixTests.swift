import FoundationEssentials
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
        ("Check the clock: date", "date"),
        ("Check its spelling and the DNS record: getent hosts a.test", "getent hosts a.test"),
        ("Set the kubeconfig: export KUBECONFIG=~/cluster.yaml", "export KUBECONFIG=~/cluster.yaml"),
        ("Append it: cat a.pem >> b.pem. Otherwise provide the CA.", "cat a.pem >> b.pem"),
        (
            "Put it first: awk '/-----BEGIN/ { n++ } n { print > (FILENAME \".\" n) }' a && cat a.2 a.1 > b",
            "awk '/-----BEGIN/ { n++ } n { print > (FILENAME \".\" n) }' a && cat a.2 a.1 > b"
        ),
        (
            "Convert it: (umask 077; openssl x509 -in a > b) && mv b a. Then try again.",
            "(umask 077; openssl x509 -in a > b) && mv b a"
        ),
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

    /// A command that is not found in its hint can be neither copied nor selected alone.
    @Test func everyCommandOfAHintInTheSourcesIsFound() throws {
        let sources =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/Sources"
        // A word after a colon, alone or with arguments: "List the files: ls -l …".
        let command =
            #/[A-Z][a-z ]+[^":]*: (\(?[a-z][a-z0-9-]*)(?:"|(?: [a-z][a-z0-9_-]*)? (?:-|[0-9'~]|\\\(|[A-Z_]+[ ="]))/#
        var found: Set<String> = []
        for target in ["Installer", "MutualTLS"] {
            let folder = "\(sources)/\(target)"
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
            where path.hasSuffix(".swift") {
                let text = try String(contentsOf: URL(filePath: "\(folder)/\(path)"), encoding: .utf8)
                for line in text.split(separator: "\n")
                where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                    found.formUnion(line.matches(of: command).map { String($0.output.1) })
                }
            }
        }
        #expect(found.isSuperset(of: ["openssl", "getent", "awk", "ls"]))
        let prose: Set = ["inactive", "no", "open", "the"]
        #expect(found.subtracting(prose).subtracting(Fix.programs) == [])
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
