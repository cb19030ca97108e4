@testable import Installer
import Testing

/// The request of a command that changes the Lease of a run.
@Suite struct LeaseRequestTests {
    private let reference = ClusterLease.reference(
        of: InstallationID(context: "production", namespace: "builds", release: "buildkit"))
    private let path = "/apis/coordination.k8s.io/v1/namespaces/builds/leases"
    private let manifest = #"{"kind":"Lease","metadata":{"name":"buildkit-installer-buildkit"}}"#

    private var create: Command { reference.kubectl.create(manifest, output: LeaseRequest.identity) }
    private var replace: Command {
        reference.kubectl(
            "replace", "--filename", "-", "--output", LeaseRequest.identity, input: manifest)
    }
    private var delete: Command { reference.delete(uid: "1", version: "7") }

    @Test func eachChangeIsOneRequest() {
        let query = "fieldManager=buildkit-installer&fieldValidation=Strict"
        let created = LeaseRequest(create)
        #expect(created?.context == "production")
        #expect(created?.method == .post)
        #expect(created?.path == "\(path)?\(query)")
        #expect(created?.body == manifest)
        let replaced = LeaseRequest(replace)
        #expect(replaced?.method == .put)
        #expect(replaced?.path == "\(path)/buildkit-installer-buildkit?\(query)")
        let deleted = LeaseRequest(delete)
        #expect(deleted?.method == .delete)
        #expect(deleted?.context == "production")
        #expect(deleted?.path == "\(path)/buildkit-installer-buildkit")
        #expect(deleted?.body.contains(#""preconditions":{"resourceVersion":"7","uid":"1"}"#) == true)
    }

    /// Users repeat these.
    @Test func everyOtherChangeIsLeftToKubectl() {
        let secret = SecretName(context: "", namespace: "builds", name: "certs").reference
        let others = [
            secret.delete(uid: "1"), secret.kubectl.create(manifest), secret.kubectl.apply(manifest),
            secret.kubectl.create(
                #"{"kind":"Secret","metadata":{"name":"a"}}"#, output: LeaseRequest.identity),
            reference.kubectl.create(manifest, output: "name"), reference.get,
            Kubectl(context: "").create(manifest, output: LeaseRequest.identity),
        ]
        for other in others { #expect(LeaseRequest(other) == nil, "\(other)") }
    }

    @Test func theAnswerIsWhatKubectlPrints() {
        let lease = #"{"kind":"Lease","metadata":{"uid":"1","resourceVersion":"8"}}"#
        #expect(LeaseRequest(create)?.result(201, lease) == CommandResult(output: "1 8"))
        #expect(LeaseRequest(replace)?.result(200, lease) == CommandResult(output: "1 8"))
        #expect(LeaseRequest(delete)?.result(200, #"{"kind":"Status"}"#)?.status == 0)
        let conflict = #"{"kind":"Status","reason":"Conflict","message":"it was modified"}"#
        #expect(
            LeaseRequest(replace)?.result(409, conflict)
                == CommandResult(
                    status: 1,
                    errors: "Error from server (Conflict): error when replacing \"STDIN\": it was modified\n")
        )
        #expect(
            LeaseRequest(delete)?.result(409, conflict)
                == CommandResult(status: 1, errors: "Error from server (Conflict): it was modified\n"))
    }

    /// Nothing is concluded from any other answer.
    @Test(arguments: [
        (502, "Bad Gateway"), (404, "404 page not found\n"), (200, "{}"), (201, ""),
        (500, #"{"kind":"Status","reason":"InternalError"}"#),
        (504, #"{"kind":"Status","reason":"Timeout"}"#),
    ]) func whatIsNotUnderstoodIsLeftToKubectl(_ status: Int, _ body: String) {
        #expect(LeaseRequest(create)?.result(status, body) == nil)
    }
}
