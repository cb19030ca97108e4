@testable import Installer
import Testing

/// The request of a command that changes objects.
@Suite struct ChangeRequestTests {
    private let installation = InstallationID(context: "production", namespace: "builds", release: "buildkit")
    private let leases = "/apis/coordination.k8s.io/v1/namespaces/builds/leases"
    private let lease = #"{"kind":"Lease","metadata":{"name":"buildkit-installer-buildkit"}}"#
    private let secret = #"{"kind":"Secret","metadata":{"name":"certs"}}"#
    private let query = "fieldManager=buildkit-installer&fieldValidation=Strict"

    private var reference: ObjectReference { ClusterLease.reference(of: installation) }
    private var create: Command { installation.kubectl.create(lease, output: ChangeRequest.identity) }
    private var replace: Command {
        installation.kubectl("replace", "--filename", "-", "--output", ChangeRequest.identity, input: lease)
    }
    private var delete: Command { reference.delete(uid: "1", version: "7") }
    private var annotate: Command {
        installation.kubectl.annotate(pods: ["a", "b"], with: "12=3")
    }

    @Test func theChangesOfALeaseAreRequests() {
        let created = ChangeRequest(create)
        #expect(created?.context == "production")
        #expect(created?.change == .create(printed: ["uid", "resourceVersion"]))
        #expect(created?.path == "\(leases)?\(query)")
        #expect(created?.body == lease)
        let replaced = ChangeRequest(replace)
        #expect(replaced?.change == .replace(printed: ["uid", "resourceVersion"]))
        #expect(replaced?.path == "\(leases)/buildkit-installer-buildkit?\(query)")
        let deleted = ChangeRequest(delete)
        #expect(deleted?.change == .delete)
        #expect(deleted?.context == "production")
        #expect(deleted?.path == "\(leases)/buildkit-installer-buildkit")
        #expect(deleted?.body.contains(#""preconditions":{"resourceVersion":"7","uid":"1"}"#) == true)
    }

    @Test func aSecretIsCreatedOrApplied() {
        let created = ChangeRequest(installation.kubectl.create(secret, output: ChangeRequest.uid))
        #expect(created?.change == .create(printed: ["uid"]))
        #expect(created?.path == "/api/v1/namespaces/builds/secrets?\(query)")
        for isForced in [true, false] {
            let applied = ChangeRequest(installation.kubectl.apply(secret, force: isForced))
            #expect(applied?.change == .apply(name: "certs"))
            #expect(applied?.path == "/api/v1/namespaces/builds/secrets/certs?\(query)&force=\(isForced)")
            #expect(applied?.body == secret)
        }
    }

    @Test func podsAreAnnotatedByName() {
        let change = ChangeRequest(annotate)
        #expect(change?.change == .annotatePods(names: ["a", "b"]))
        #expect(change?.path == "/api/v1/namespaces/builds/pods")
        #expect(
            change?.body
                == #"{"metadata":{"annotations":{"buildkit-installer/certificates-changed":"12=3"}}}"#)
    }

    /// A pod that has ended needs no annotation.
    @Test func onlyPodsThatExistAreAnnotated() {
        func status(_ code: Int, _ reason: String) -> HTTPExchange.Answer {
            HTTPExchange.Answer(status: code, body: #"{"kind":"Status","reason":"\#(reason)"}"#)
        }
        let change = ChangeRequest(annotate)
        let (done, gone) = (HTTPExchange.Answer(status: 200, body: "{}"), status(404, "NotFound"))
        #expect(
            change?.result([done, done], of: ["a", "b"])?.output == "pod/a annotated\npod/b annotated\n")
        #expect(change?.result([gone, done], of: ["a", "b"]) == CommandResult(output: "pod/b annotated\n"))
        // kubectl tells what failed.
        let unknown = HTTPExchange.Answer(status: 404, body: "404 page not found\n")
        for answers in [[gone, gone], [status(403, "Forbidden"), done], [done, unknown]] {
            #expect(change?.result(answers, of: ["a", "b"]) == nil, "\(answers)")
        }
    }

    @Test func aPodIsDeletedWhileItIsTheOneThatWasSeen() {
        let deleted = ChangeRequest(installation.pod("a").delete(uid: "1", gracePeriod: 0))
        #expect(deleted?.change == .delete)
        #expect(deleted?.context == "production")
        #expect(deleted?.path == "/api/v1/namespaces/builds/pods/a")
        #expect(deleted?.body.contains(#""preconditions":{"uid":"1"}"#) == true)
        #expect(deleted?.result(200, #"{"kind":"Pod"}"#)?.status == 0)
        let seen = #"{"preconditions":{"uid":"1"}}"#
        for (path, options) in [("pods/a", "{}"), ("pods", seen), ("pods/a/eviction", seen)] {
            let command = Kubectl(context: "production")(
                "delete", "--raw", "/api/v1/namespaces/builds/\(path)", "--filename", "-", input: options)
            #expect(ChangeRequest(command) == nil, "\(path)")
        }
    }

    @Test func aDeploymentIsScaled() {
        let change = ChangeRequest(installation.kubectl.scale("deployment/builder", to: 0))
        #expect(change?.change == .scale(object: "builder"))
        #expect(
            change?.path
                == "/apis/apps/v1/namespaces/builds/deployments/builder/scale?fieldManager=kubectl")
        #expect(change?.body == #"{"spec":{"replicas":0}}"#)
    }

    @Test func everyOtherChangeIsLeftToKubectl() {
        let certificates = SecretName(context: "", namespace: "builds", name: "certs").reference
        let kubectl = installation.kubectl
        let others = [
            certificates.delete(uid: "1"), kubectl.create(lease), kubectl.apply(lease), reference.get,
            kubectl.create(lease, output: "name"), kubectl.create("none", output: ChangeRequest.uid),
            kubectl.create(#"{"kind":"List","metadata":{"name":"a"}}"#, output: ChangeRequest.uid),
            Kubectl(context: "").create(lease, output: ChangeRequest.identity),
            Kubectl(context: "").apply(secret), kubectl("apply", "--filename", "-", input: secret),
            kubectl("apply", "--server-side", "--filename", "-", input: secret),
            kubectl("annotate", "pods", "--selector", "a=b", "c=d", "--overwrite"),
            kubectl("annotate", "pods", "a", "c=d"), kubectl("annotate", "pods", "a", "c-", "--overwrite"),
            kubectl("annotate", "pods", "a", "b=c", "d=e", "--overwrite"),
            kubectl("annotate", "pods", "c=d", "--overwrite"),
            kubectl("scale", "statefulset/a", "--replicas=1"), kubectl("scale", "deployment/a"),
            kubectl("scale", "deployment/a", "--replicas=1", "--current-replicas=2"),
        ]
        for other in others { #expect(ChangeRequest(other) == nil, "\(other)") }
    }

    @Test func theAnswerIsWhatKubectlPrints() {
        let object = #"{"kind":"Lease","metadata":{"uid":"1","resourceVersion":"8"}}"#
        #expect(ChangeRequest(create)?.result(201, object) == CommandResult(output: "1 8"))
        #expect(ChangeRequest(replace)?.result(200, object) == CommandResult(output: "1 8"))
        #expect(ChangeRequest(delete)?.result(200, #"{"kind":"Status"}"#)?.status == 0)
        let created = ChangeRequest(installation.kubectl.create(secret, output: ChangeRequest.uid))
        #expect(created?.result(201, object) == CommandResult(output: "1"))
        let applied = ChangeRequest(installation.kubectl.apply(secret))
        #expect(applied?.result(200, object) == CommandResult(output: "secret/certs serverside-applied\n"))
        let scaled = ChangeRequest(installation.kubectl.scale("deployment/builder", to: 1))
        #expect(
            scaled?.result(200, #"{"kind":"Scale"}"#)
                == CommandResult(output: "deployment.apps/builder scaled\n"))
    }

    @Test func theReasonOfARefusalIsKept() {
        let conflict = #"{"kind":"Status","reason":"Conflict","message":"it was modified"}"#
        let said = "error when replacing \"STDIN\": it was modified\n"
        #expect(
            ChangeRequest(replace)?.result(409, conflict)
                == CommandResult(status: 1, errors: "Error from server (Conflict): \(said)"))
        #expect(
            ChangeRequest(delete)?.result(409, conflict)
                == CommandResult(status: 1, errors: "Error from server (Conflict): it was modified\n"))
        // kubectl names the manager of each field.
        #expect(ChangeRequest(installation.kubectl.apply(secret))?.result(409, conflict) == nil)
    }

    /// Nothing is concluded from any other answer.
    @Test(arguments: [
        (502, "Bad Gateway"), (404, "404 page not found\n"), (200, "{}"), (201, ""),
        (500, #"{"kind":"Status","reason":"InternalError"}"#),
        (504, #"{"kind":"Status","reason":"Timeout"}"#),
    ]) func whatIsNotUnderstoodIsLeftToKubectl(_ status: Int, _ body: String) {
        let changes = [
            create, installation.kubectl.apply(secret),
            installation.kubectl.scale("deployment/builder", to: 1),
        ]
        for change in changes { #expect(ChangeRequest(change)?.result(status, body) == nil, "\(change)") }
    }
}
