import Testing

@testable import Installer

@Suite struct SlumberTests {
    private static let asleep = CommandResult(
        output: #"{"items":[{"metadata":{"name":"b"},"spec":{"replicas":0},"status":{}}]}"#)
    private static let awake = CommandResult(
        output: #"{"items":[{"metadata":{"name":"b"},"spec":{"replicas":1},"status":{"readyReplicas":1}}]}"#)
    private static let noKEDA = CommandResult(
        status: 1, errors: "error: the server doesn't have a resource type \"scaledobjects\"\n")

    private func slumber(_ deployment: CommandResult, _ scaledObjects: CommandResult) async throws -> Slumber
    {
        let runner = TranscriptRunner(
            [
                "kubectl get deployments.apps --selector "
                    + "app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=builder "
                    + "--output json --request-timeout=5s --namespace team": deployment,
                "kubectl get scaledobjects.keda.sh --output json --request-timeout=5s --namespace team":
                    scaledObjects,
            ], order: .any)
        let slumber = try await Slumber.look(in: .test(runner), at: Plan.site)
        #expect(runner.unplayed == [])
        return slumber
    }

    @Test func aBuilderWithoutPodsSleeps() async throws {
        let slumber = try await slumber(Self.asleep, Self.noKEDA)
        #expect(slumber == Slumber(builder: "b", wanted: 0, ready: 0))
        #expect(slumber.isAfter(.sleep))
        #expect(!slumber.isAfter(.wake))
    }

    @Test func aBuilderIsAwakeOnceItIsReady() async throws {
        #expect(try await slumber(Self.awake, Self.noKEDA).isAfter(.wake))
        #expect(!Slumber(builder: "b", wanted: 1, ready: 0).isAfter(.wake))
    }

    @Test func whereThereIsNoneThatIsSaid() async {
        await #expect(
            throws: Failure(
                "There is no BuildKit in the release buildkit in namespace team",
                hint: "See what releases there are: helm list --all-namespaces")
        ) { try await slumber(CommandResult(output: #"{"items":[]}"#), Self.noKEDA) }
    }

    @Test(arguments: [
        (#""scaleTargetRef":{"name":"b"}"#, "", "s"),
        (#""scaleTargetRef":{"kind":"Deployment","name":"b"}"#, "", "s"),
        (#""scaleTargetRef":{"kind":"StatefulSet","name":"b"}"#, "", nil),
        (#""scaleTargetRef":{"name":"other"}"#, "", nil),
        (#""scaleTargetRef":{"name":"b"}"#, #","annotations":{"autoscaling.keda.sh/paused":"true"}"#, nil),
    ])
    func kedaDecidesWhereAScaledObjectNamesTheBuilder(
        _ spec: String, _ metadata: String, _ scaledObject: String?
    ) async throws {
        let text = #"{"items":[{"metadata":{"name":"s"\#(metadata)},"spec":{\#(spec)}}]}"#
        #expect(
            try await slumber(Self.awake, CommandResult(output: text)).scaledObject == scaledObject)
    }

    @Test func whoMayNotSeeKEDAIsLeftAlone() async throws {
        #expect(try await slumber(Self.awake, Recording.forbidden).scaledObject == nil)
    }

    @Test(arguments: [
        ("builder:\n  sleep:\n    enabled: true\n", true),
        ("builder:\n  sleep:\n    after: 5m # not long\n    enabled: true\n", true),
        (#"{"builder": {"sleep": {"enabled": true}}}"#, true), ("builder: {sleep: {enabled: true}}", true),
        ("builder:\n  sleep:\n    enabled: false\n", false),
        ("builder:\n  # sleep: {enabled: true}\n  security: rootless\n", false),
        ("builder:\n  sleep:\n    after: 5m\n  cache:\n    enabled: true\n", false), ("", false),
    ])
    func aFileOfValuesMayAskForSleep(_ text: String, _ asks: Bool) {
        #expect(text.asksForSleep == asks)
    }

    @Test(arguments: ["apps/v1\nkeda.sh/v1alpha1\nv1\n", "apps/v1\nv1\n"])
    func theClusterIsAskedForKEDAWhereValuesNeedIt(_ versions: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("builder: {sleep: {enabled: true}}", to: "values.yaml")
        var answers = Answers()
        answers.values = "\(folder.path)/values.yaml"
        let runner = TranscriptRunner([
            "kubectl api-versions --request-timeout=5s": CommandResult(output: versions)
        ])
        let lacks = try await Facts.lacksKEDA(answers, in: .test(runner))
        #expect(lacks != versions.contains("keda"))
    }
}
