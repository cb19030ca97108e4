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
                undo: [.restoreSecret(name: name)]),
            Step(id: "fail", title: "Fail", action: .run(command: Command(.helm, []))),
        ])
    }

    private func apply(force: Bool) -> String {
        "kubectl apply --server-side --field-manager buildkit-installer\(force ? " --force-conflicts" : "")"
            + " --filename - --namespace team"
    }

    private let manifest =
        #"{"apiVersion":"v1","data":{"ca.pem":"YXV0aG9yaXR5","key.pem":"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0gK"},"#
        + #""kind":"Secret","metadata":{"labels":{"a":"b"},"name":"certs","namespace":"team"},"type":"Opaque"}"#

    @Test func theFilesGoThroughStandardInputAndNowhereElse() async {
        let runner = ReplayRunner([
            get: .init(), apply(force: false): .init(output: "applied"), "helm": .init(),
        ])
        let rehearsal = await rehearse(plan(), in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(runner.played.map(\.input) == [nil, manifest, nil])
        let shown = rehearsal.events.map(\.json).joined() + runner.played.map(\.description).joined()
        #expect(!shown.contains("LS0t"))
        #expect(!shown.contains("MIGH"))
    }

    @Test func whatTheSecretWasComesBackWhenALaterStepFails() async {
        let before = """
            {"apiVersion":"v1","kind":"Secret","type":"Opaque","data":{"ca.pem":"b2xk"},
            "metadata":{"name":"certs","labels":{"by":"hand"},"resourceVersion":"7","managedFields":[]}}
            """
        let runner = ReplayRunner([
            get: .init(output: before), apply(force: true): .init(), "helm": .init(status: 1),
            apply(force: true): .init(),
        ])
        let rehearsal = await rehearse(plan(replaces: true), in: .test(runner))
        #expect(rehearsal.run["secret"].status == .undone)
        #expect(
            runner.played.last?.input == #"{"apiVersion":"v1","data":{"ca.pem":"b2xk"},"kind":"Secret","#
                + #""metadata":{"labels":{"by":"hand"},"name":"certs","namespace":"team"},"type":"Opaque"}"#)
        #expect(!rehearsal.events.map(\.json).joined().contains("b2xk"))
    }

    @Test func whereNothingWasChangedNothingIsRestored() async {
        let runner = ReplayRunner([get: .init(status: 1, errors: "Forbidden")])
        let rehearsal = await rehearse(plan(), in: .test(runner))
        #expect(rehearsal.run["secret"].status == .undone)
        #expect(rehearsal.run.failure?.detail == "Forbidden")
        #expect(runner.unplayed.isEmpty)
    }

    @Test func aSecretOfSomebodyElseIsLeftAndTheirNameIsSaid() async {
        let conflict = #"error: Apply failed with 1 conflict: conflict with "argocd" using v1: .data.ca.pem"#
        let runner = ReplayRunner([get: .init(), apply(force: false): .init(status: 1, errors: conflict)])
        let rehearsal = await rehearse(plan(), in: .test(runner), keepOnFailure: true)
        #expect(
            rehearsal.run.failure?.message == "The Secret certs is managed by 'argocd', and was left as it is"
        )
        #expect(
            rehearsal.run.failure?.hint
                == "See who set what: kubectl get secret certs --output yaml --show-managed-fields --namespace team"
        )
    }

    @Test func aSecretThatIsAsItWasPlannedIsReplacedInThatVersionAlone() async {
        let runner = ReplayRunner([
            get: .init(output: held), apply(force: true): .init(), "helm": .init(),
        ])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("old".utf8))]), in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(runner.played[1].input?.contains(#""resourceVersion":"7""#) == true)
    }

    @Test func aSecretThatSomebodyHasChangedSinceThePlanIsLeft() async {
        let runner = ReplayRunner([get: .init(output: held)])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("older".utf8))]), in: .test(runner))
        #expect(
            rehearsal.run.failure?.message
                == "The Secret certs was changed by somebody else meanwhile, and was left as it is")
        #expect(runner.unplayed.isEmpty)
    }

    @Test func whoeverComesBetweenTheLookAndTheChangeWins() async {
        let conflict =
            "Error from server (Conflict): Operation cannot be fulfilled on secrets \"certs\": "
            + "the object has been modified; please apply your changes to the latest version and try again"
        let runner = ReplayRunner([
            get: .init(output: held), apply(force: true): .init(status: 1, errors: conflict),
        ])
        let rehearsal = await rehearse(
            plan(replaces: true, expected: ["ca.pem": Digest.sha256(Array("old".utf8))]), in: .test(runner),
            keepOnFailure: true)
        #expect(rehearsal.run.failure?.message.contains("was changed by somebody else meanwhile") == true)
        #expect(rehearsal.run.failure?.detail == conflict)
    }

    private let held = """
        {"apiVersion":"v1","kind":"Secret","type":"Opaque","data":{"ca.pem":"b2xk"},
        "metadata":{"name":"certs","resourceVersion":"7"}}
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
        let runner = ReplayRunner([get: .init(), apply(force: false): .init(status: 1, errors: error)])
        let rehearsal = await rehearse(plan(), in: .test(runner), keepOnFailure: true)
        #expect(
            rehearsal.run.failure?.detail
                == "The Secret is invalid: data: Invalid value: {\"key.pem\":\"(removed)\"}")
        #expect(!rehearsal.events.map(\.json).joined().contains("LS0t"))
    }
}
