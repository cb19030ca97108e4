@testable import Installer
import Testing

/// The API request of a kubectl command.
@Suite struct APIRequestTests {
    private let id = InstallationID(context: "production", namespace: "builds", release: "buildkit")

    private func request(_ words: String..., input: String? = nil) -> APIRequest? {
        APIRequest(id.kubectl.look(words, input: input))
    }

    @Test func anObjectIsAskedForByItsPath() {
        let asked = request("get", "service", "buildkit", "--ignore-not-found", "--output", "json")
        #expect(asked?.context == "production")
        #expect(asked?.timeout == 5)
        #expect(
            asked?.question
                == .objects(
                    paths: ["/api/v1/namespaces/builds/services/buildkit"], isList: false,
                    ignoresMissing: true))
    }

    @Test func severalObjectsAreAList() {
        #expect(
            request("get", "secret", "a", "b", "--output", "json")?.question
                == .objects(
                    paths: ["/api/v1/namespaces/builds/secrets/a", "/api/v1/namespaces/builds/secrets/b"],
                    isList: true, ignoresMissing: false))
    }

    @Test func aKindMayStandBeforeEachName() {
        #expect(
            request("get", "service/a", "deployment.apps/b", "--ignore-not-found", "--output", "json")?
                .question
                == .objects(
                    paths: [
                        "/api/v1/namespaces/builds/services/a",
                        "/apis/apps/v1/namespaces/builds/deployments/b",
                    ], isList: true, ignoresMissing: true))
        #expect(
            APIRequest(id.cluster.look("get", "namespace/builds", "--output", "json"))?.question
                == .objects(paths: ["/api/v1/namespaces/builds"], isList: false, ignoresMissing: false))
    }

    @Test func allNamespacesAreOneList() {
        #expect(
            APIRequest(
                Kubectl(context: "").look("get", "deployments.apps", "--all-namespaces", "--output", "json"))?
                .question
                == .lists([APIRequest.List(path: "/apis/apps/v1/deployments", query: "")]))
    }

    @Test func selectorsAreAQuery() {
        #expect(
            request(
                "get", "pods,deployments.apps", "--selector", "app=a,part in (b,c)", "--output", "json")?
                .question
                == .lists(
                    [
                        APIRequest.List(
                            path: "/api/v1/namespaces/builds/pods",
                            query: "labelSelector=app%3Da%2Cpart%20in%20%28b%2Cc%29"),
                        APIRequest.List(
                            path: "/apis/apps/v1/namespaces/builds/deployments",
                            query: "labelSelector=app%3Da%2Cpart%20in%20%28b%2Cc%29"),
                    ]))
    }

    @Test func reviewsArePosted() {
        let review = #"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{}}"#
        let list = #"{"apiVersion":"v1","items":[\#(review)],"kind":"List"}"#
        #expect(
            request("create", "--validate=false", "--filename", "-", "--output", "json", input: list)?
                .question
                == .posts(
                    [
                        APIRequest.Post(
                            path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", body: review)
                    ], printsObjects: true))
    }

    @Test func onlyADryRunMakesAnythingElse() {
        let list = #"{"kind":"List","items":[{"kind":"Pod","apiVersion":"v1","metadata":{}}]}"#
        #expect(
            request("create", "--validate=false", "--filename", "-", "--output", "json", input: list) == nil)
        let rehearsal = request(
            "create", "--dry-run=server", "--validate=false", "--output", "name", "--filename", "-",
            input: list)
        guard case .posts(let posts, printsObjects: false) = rehearsal?.question else {
            Issue.record("\(String(describing: rehearsal))")
            return
        }
        #expect(
            posts.map(\.path) == ["/api/v1/namespaces/builds/pods?dryRun=All&fieldValidation=Ignore"])
    }

    @Test func theLogOfAContainerIsAskedForByItsPath() {
        let asked = APIRequest(id.pod("a").log(of: "envoy", lines: 5))
        #expect(asked?.context == "production")
        #expect(
            asked?.question
                == .raw(path: "/api/v1/namespaces/builds/pods/a/log?container=envoy&tailLines=5"))
        #expect(
            APIRequest(id.pod("a").log(of: "envoy", lines: 5, ofPrevious: true))?.question
                == .raw(
                    path: "/api/v1/namespaces/builds/pods/a/log?container=envoy&tailLines=5&previous=true"))
    }

    /// A command whose arguments are not all understood is left to kubectl.
    @Test(arguments: [
        ["get", "service", "buildkit", "--output", "yaml"], ["get", "service", "buildkit"],
        ["get", "service", "buildkit", "--output", "json", "--watch"],
        ["get", "widgets", "--output", "json"],
        ["get", "pods", "--output", "name"],
        ["get", "pods", "--field-selector", "status.phase=Running", "--output", "json"],
        ["get", "pods", "--output", "json", "--watch"],
        ["delete", "service", "buildkit"], ["apply", "--filename", "-"], ["logs", "pod"],
        ["create", "--filename", "-", "--output", "json"],
        ["get", "service,pods", "buildkit", "--output", "json"],
        ["get", "service/a", "b", "--output", "json"], ["get", "widget/a", "--output", "json"],
        ["version", "--client", "--output", "json"],
    ]) func anythingElseIsLeftToKubectl(_ words: [String]) {
        #expect(APIRequest(id.kubectl.look(words)) == nil)
    }

    /// The reads of a run have no request timeout, and the time that the command has.
    @Test func aReadWithoutARequestTimeoutHasTheTimeOfItsCommand() {
        let command = id.kubectl("get", "service", "buildkit", "--output", "json", timeout: 20)
        #expect(APIRequest(command)?.timeout == 20)
    }

    @Test func aCustomResourceIsAskedForByTheGroupInItsName() {
        #expect(
            request("get", "scaledobjects.keda.sh", "--output", "json")?.question
                == .lists(
                    [
                        APIRequest.List(
                            path: "/apis/keda.sh/v1alpha1/namespaces/builds/scaledobjects", query: "")
                    ]))
    }

    @Test func withoutANamespaceOfItsOwnNothingIsGuessed() {
        #expect(APIRequest(Kubectl(context: "").look("get", "pods", "--output", "json")) == nil)
    }
}
