import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

struct SecretWriterTests {
    private let folder: TemporaryFolder
    private let name = SecretName(context: "", namespace: "team", name: "certs")
    private let get = "kubectl get secret certs --ignore-not-found --output json --namespace team"

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("authority", to: "ca.pem")
        try folder.write("-----BEGIN PRIVATE KEY-----\nMIGH\n", to: "key.pem")
    }

    private func plan(
        replaces: Bool = false, key: String = "key.pem", expected: [String: String]? = nil
    ) -> Plan {
        let recipe = SecretSpec(
            secret: name, labels: ["a": "b"],
            files: ["ca.pem": "\(folder.path)/ca.pem", "key.pem": "\(folder.path)/\(key)"],
            replaces: replaces,
            expected: expected)
        return .test([
            Step(
                id: "secret", title: "Secret", action: .applySecret(recipe: recipe),
                undo: [.takeBack]),
            Step(id: "fail", title: "Fail", action: .run(command: Command(.helm, []))),
        ])
    }

    private let apply =
        "kubectl apply --server-side --field-manager buildkit-installer --force-conflicts --filename - --namespace team"
    private let create =
        "kubectl create --field-manager buildkit-installer --filename - --output 'jsonpath={.metadata.uid}' --namespace team"
    private let key = #""key.pem":"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0gK""#

    @Test func theFilesGoThroughStandardInputAndNowhereElse() async {
        let runner = ReplayRunner([create: .init(output: "1"), "helm": .init()])
        let rehearsal = await rehearse(plan(), in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(
            runner.played.map(\.input) == [
                #"{"apiVersion":"v1","data":{"ca.pem":"YXV0aG9yaXR5",\#(key)},"kind":"Secret","metadata":"#
                    + #"{"annotations":{"buildkit-installer/run":"nonce-1"},"labels":{"a":"b"},"name":"certs","#
                    + #""namespace":"team"},"type":"Opaque"}"#, nil,
            ])
        let shown = rehearsal.events.map(\.json).joined() + runner.played.map(\.description).joined()
        #expect(!shown.contains("LS0t"))
        #expect(!shown.contains("MIGH"))
    }

    /// Nobody could connect to the proxy.
    @Test func aServerCertificateThatNoClientAcceptsIsNotWritten() async throws {
        let (here, other) = (
            CertificateFolder(path: "\(folder.path)/here"), CertificateFolder(path: "\(folder.path)/other")
        )
        for certificates in [here, other] {
            try await certificates.issue(
                CertificateOrder(names: Answers().names, client: "admin"), now: Date())
        }
        func put(_ file: CertificateFile) throws {
            try Data(other.bytes(of: file)).write(to: URL(filePath: here.path(of: file)))
        }
        let step = Step(
            id: "secret", title: "Secret",
            action: .applySecret(
                recipe: SecretSpec(
                    secret: name, labels: [:], files: CertificateLayout.pairFiles(in: here), replaces: false)),
            undo: [.takeBack])
        // The clients of certificates that the user provides may have another CA than the proxy.
        try put(.serverAuthority)
        let accepted = ReplayRunner([create: .init(output: "1")])
        #expect(await rehearse(.test([step]), in: .test(accepted)).run.succeeded)
        try put(.clientAuthority)
        let runner = ReplayRunner([ReplayRunner.Recording]())
        let rehearsal = await rehearse(.test([step]), in: .test(runner))
        #expect(
            rehearsal.run.failure?.message.contains("is not signed by a CA that is trusted with it") == true)
        #expect(runner.played.isEmpty)
    }

    @Test func aSecretThatSomebodyElseHasMadeMeanwhileIsTheirs() async {
        let refusal = CommandResult(
            status: 1, errors: #"Error from server (AlreadyExists): secrets "certs" already exists"#)
        let runner = ReplayRunner([
            create: refusal, get: .init(output: held),
        ])
        let rehearsal = await rehearse(plan(), in: .test(runner))
        #expect(
            rehearsal.run.failure?.message
                == "The secret certs was created by another process and was left unchanged")
        #expect(rehearsal.run["secret"].status == .failed)
        #expect(runner.unplayed.isEmpty)
    }

    /// The content of the Secret after this run has changed it.
    private var changed: CommandResult {
        .init(
            output: """
                {"apiVersion":"v1","kind":"Secret","type":"Opaque","data":{"ca.pem":"YXV0aG9yaXR5",\(key)},
                "metadata":{"name":"certs","uid":"1","resourceVersion":"8"}}
                """)
    }

    @Test func whatTheSecretWasComesBackWhenALaterStepFails() async {
        let before = """
            {"apiVersion":"v1","kind":"Secret","type":"Opaque","data":{"ca.pem":"b2xk"},
            "metadata":{"name":"certs","uid":"1","labels":{"by":"hand"},"resourceVersion":"7","managedFields":[]}}
            """
        let runner = ReplayRunner([
            get: .init(output: before), apply: .init(), "helm": .init(status: 1), get: changed,
            apply: .init(),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["secret"].status == .undone)
        #expect(
            runner.played.last?.input == #"{"apiVersion":"v1","data":{"ca.pem":"b2xk"},"kind":"Secret","#
                + #""metadata":{"labels":{"by":"hand"},"name":"certs","namespace":"team","resourceVersion":"8","#
                + #""uid":"1"},"type":"Opaque"}"#)
        #expect(!rehearsal.events.map(\.json).joined().contains("b2xk"))
    }

    @Test func whatSomebodyHasChangedSinceIsNotBroughtBack() async {
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(), "helm": .init(status: 1), get: .init(output: held),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["secret"].status == .undoFailed)
        #expect(
            rehearsal.run.undoFailures.map(\.failure.message) == [
                "The Secret certs was changed by another process and was left unchanged"
            ])
        #expect(rehearsal.run.undoFailures.map(\.failure.code) == [.changedMeanwhile])
    }

    @Test func aChangeWhoseAnswerWasLostIsTakenBackToo() async {
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(status: 1, errors: "EOF"), get: changed, get: changed,
            apply: .init(),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["secret"].status == .undone)
    }

    @Test func whereNothingWasChangedNothingIsRestored() async {
        let runner = ReplayRunner([get: .init(status: 1, errors: "Forbidden")])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner))
        #expect(rehearsal.run["secret"].status == .failed)
        #expect(rehearsal.run.failure?.detail == "Forbidden")
        #expect(runner.unplayed.isEmpty)
    }

    @Test func aSecretOfSomebodyElseIsLeftAndTheirNameIsSaid() async {
        let conflict = #"error: Apply failed with 1 conflict: conflict with "argocd" using v1: .data.ca.pem"#
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(status: 1, errors: conflict), get: .init(output: held),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner), keepOnFailure: true)
        #expect(
            rehearsal.run.failure?.message == "The Secret certs is managed by 'argocd' and was left unchanged"
        )
        #expect(
            rehearsal.run.failure?.hint
                == "Check its managed fields: kubectl get secret certs --output yaml --show-managed-fields --namespace team"
        )
    }

    @Test func aSecretThatIsAsItWasPlannedIsReplacedInThatVersionAlone() async {
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(), "helm": .init(),
        ])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("old".utf8))]), in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(runner.played[1].input?.contains(#""resourceVersion":"7","uid":"1""#) == true)
    }

    @Test func aSecretThatSomebodyHasChangedSinceThePlanIsLeft() async {
        let runner = ReplayRunner([get: .init(output: held)])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("older".utf8))]), in: .test(runner))
        #expect(
            rehearsal.run.failure?.message
                == "The Secret certs was changed by another process and was left unchanged")
        #expect(runner.unplayed.isEmpty)
    }

    @Test func whoeverComesBetweenTheLookAndTheChangeWins() async {
        let conflict =
            "Error from server (Conflict): Operation cannot be fulfilled on secrets \"certs\": "
            + "the object has been modified; please apply your changes to the latest version and try again"
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(status: 1, errors: conflict), get: .init(output: held),
        ])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("old".utf8))]), in: .test(runner),
            keepOnFailure: true)
        #expect(rehearsal.run.failure?.message.contains("was changed by another process") == true)
        #expect(rehearsal.run.failure?.detail == conflict)
    }

    /// Server-side apply without a UID would create it again.
    @Test func aSecretThatIsDeletedBetweenTheLookAndTheChangeIsNotCreatedAgain() async {
        let conflict =
            "error: Operation cannot be fulfilled on secrets \"certs\": uid mismatch: the provided object specified "
            + "uid 1, and no existing object was found"
        let runner = ReplayRunner([
            get: .init(output: held), apply: .init(status: 1, errors: conflict), get: .init(),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner), keepOnFailure: true)
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.run.failure?.message
                == "The Secret certs was deleted by another process and was not created again")
        #expect(
            rehearsal.run.failure?.hint
                == "List the Secrets: kubectl get secrets --namespace team, then run the same command again")
        #expect(rehearsal.run.failure?.code == .changedMeanwhile)
    }

    private let held = """
        {"apiVersion":"v1","kind":"Secret","type":"Opaque","data":{"ca.pem":"b2xk"},
        "metadata":{"name":"certs","uid":"1","resourceVersion":"7"}}
        """

    @Test func aFileThatIsNotThereStopsItBeforeAnythingIsAsked() async {
        let runner = ReplayRunner([ReplayRunner.Recording]())
        let rehearsal = await rehearse(plan(key: "none.pem"), in: .test(runner))
        #expect(rehearsal.run.failure?.message == "\(folder.path)/none.pem cannot be read")
        #expect(runner.played.isEmpty)
    }

    @Test func kubectlQuotingTheObjectShowsNoKey() async {
        let error =
            "The Secret is invalid: data: Invalid value: {\"key.pem\":\"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0gK\"}"
        let runner = ReplayRunner([create: .init(status: 1, errors: error), get: .init()])
        let rehearsal = await rehearse(plan(), in: .test(runner), keepOnFailure: true)
        #expect(
            rehearsal.run.failure?.detail
                == "The Secret is invalid: data: Invalid value: {\"key.pem\":\"(removed)\"}")
        #expect(!rehearsal.events.map(\.json).joined().contains("LS0t"))
    }
}
