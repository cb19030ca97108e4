import FoundationEssentials
import Testing

@testable import Installer

/// The objects of a real cluster of Kubernetes 1.36 while a Deployment could not get its pod, at two moments each.
struct RecordedCause: Sendable, CustomTestStringConvertible {
    let file: String
    let code: CauseCode
    /// A part of the cluster's message that is reported.
    let words: String
    /// A part of the fix.
    let fix: String

    var testDescription: String { file }

    /// The moments: the first one 12 to 19 seconds after the creation of the Deployment, the other after 75 and more.
    enum Moment: String, CaseIterable { case early, late }

    /// The objects with the labels that the chart sets; those of the recording were created manually.
    func objects(_ moment: Moment, of component: JSONValue = "builder") throws -> ReleaseObjects {
        let recording = try JSONDecoder().decode(
            JSONValue.self, from: Data(Recording.text("Causes/\(file)").utf8))
        let items = recording[moment.rawValue]?["items"]?.array ?? []
        let labels: [String: JSONValue] = [
            "app.kubernetes.io/instance": "buildkit", "app.kubernetes.io/component": component,
            "helm.sh/chart": .string(Chart.label),
        ]
        return ReleaseObjects(
            items: items.map { item in
                let labelled = labels.reduce(item) {
                    $0.setting($1.value, at: ["metadata", "labels", $1.key])
                }
                guard let owner = item["metadata"]?["ownerReferences"]?[0] else { return labelled }
                return labelled.setting(
                    [owner.setting(true, at: ["controller"])], at: ["metadata", "ownerReferences"])
            }, refused: [])
    }

    static let all = [
        Self(
            "admission-policy", .admissionPolicy, "containers must set runAsNonRoot",
            "to exempt the namespace"),
        Self("command-not-found", .containerStart, #"exec: "/nope""#, "--image"),
        Self("crash-loop", .crashLoop, "terminated: Error, exit status 1", "kubectl logs buildkit-builder-"),
        Self("image-name-invalid", .invalidImageName, "must be lowercase", "--image"),
        Self("image-never", .imageNeverPulled, "not present with pull policy of Never", "--image"),
        Self("image-not-found", .imagePullBackOff, "no such host", "--image"),
        Self("limitrange-max", .limitRange, "maximum memory usage per Container is 256Mi", "--memory"),
        Self("out-of-memory", .outOfMemory, "OOMKilled", "--memory"),
        Self("pod-security-restricted", .podSecurity, "violates PodSecurity", "kubectl label namespace team"),
        Self(
            "priority-class-missing", .priorityClassMissing, "no PriorityClass with name builders",
            "builder.priorityClassName"),
        Self("probe-failing", .probeFailing, "connection refused", "kubectl logs buildkit-builder-"),
        Self("quota-exceeded", .quotaExceeded, "exceeded quota: team", "--memory"),
        Self(
            "quota-needs-limits", .quotaRequiresLimits, "must specify limits.cpu for: buildkitd",
            "builder.resources.limits"),
        Self(
            "secret-missing-env", .secretMissing, #"secret "buildkit-secrets" not found"#,
            "buildkit-installer install"),
        Self(
            "secret-missing-volume", .secretMissing, #"secret "buildkit-secrets" not found"#,
            "buildkit-installer install"),
        Self(
            "service-account-missing", .serviceAccountMissing, #"serviceaccount "builders" not found"#,
            "kubectl get serviceaccounts"),
        Self(
            "unschedulable-arch", .unschedulableArch, "didn't match Pod's node affinity/selector",
            "kubernetes.io/arch"),
        Self("unschedulable-memory", .unschedulableResources, "1 Insufficient memory", "--memory"),
        Self(
            "user-namespaces-unsupported", .userNamespacesUnsupported, "does not support user namespaces",
            "--security rootless"),
        Self(
            "webhook-unreachable", .webhookUnreachable, #"service "policy" not found"#,
            "validatingwebhookconfigurations"),
    ]

    private init(_ file: String, _ code: CauseCode, _ words: String, _ fix: String) {
        (self.file, self.code, self.words, self.fix) = (file, code, words, fix)
    }
}

@Suite struct CauseTests {
    @Test(arguments: RecordedCause.all, RecordedCause.Moment.allCases)
    func everyRecordedCaseGivesItsCauseAtBothMoments(
        _ recorded: RecordedCause, _ moment: RecordedCause.Moment
    ) throws {
        let causes = CauseFinder(try recorded.objects(moment), of: .team).causes
        let cause = try #require(causes.first)
        #expect(cause.code == recorded.code)
        #expect(cause.words.contains(recorded.words), "\(cause.words)")
        #expect(cause.fix(.team).contains(recorded.fix), "\(cause.fix(.team))")
        #expect(Set(causes.map(\.code)) == [recorded.code])
    }

    /// --memory, --cpu and --image are about BuildKit's pod.
    @Test(
        arguments: RecordedCause.all.filter {
            $0.fix.hasPrefix("--") && $0.code != .userNamespacesUnsupported
        })
    func whatTheProxyPodsNeedIsSetInAValuesFile(_ recorded: RecordedCause) throws {
        let causes = CauseFinder(try recorded.objects(.late, of: "proxy"), of: .team).causes
        let failure = try #require(causes.first).failure(.team)
        let fix = try #require(failure.hint)
        #expect(!fix.contains(recorded.fix) && fix.contains("--values"), "\(fix)")
        #expect(failure.fieldToChange == nil)
    }

    @Test(arguments: RecordedCause.all)
    func statusAndDoctorGiveTheCauseTheSameCode(_ recorded: RecordedCause) throws {
        var facts = Facts()
        facts.objects = .known(try recorded.objects(.late))
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: Chart.label, values: [:], appVersion: nil))
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        let symptoms = DoctorFacts(facts, answers, in: .test(ReplayRunner([])))
        guard case .broken(let failure) = DoctorCheck.pods.judge(symptoms) else {
            Issue.record("doctor finds nothing: \(DoctorCheck.pods.judge(symptoms))")
            return
        }
        let install = try #require(CauseFinder(try recorded.objects(.late), of: .team).causes.first).failure(
            .team)
        #expect(failure.code == install.code)
        #expect(failure.hint == install.hint)
        #expect(symptoms.status.remarks.contains { $0.code == install.code })
    }

    /// A change of the pods may be seen within a moment of another one.
    @Test func looksInQuickSuccessionConfirmNothing() throws {
        let objects = try #require(RecordedCause.all.first { $0.code.patience == .none }).objects(.late)
        var judge = RolloutJudge(.team, before: nil)
        func cause(after seconds: Double) -> Cause? {
            judge.judge(objects, at: TestClock.start.addingTimeInterval(seconds)).cause
        }
        #expect(cause(after: 0) == nil)
        #expect(cause(after: 0.3) == nil)
        #expect(cause(after: 0.6) == nil)
        #expect(cause(after: 2.3) != nil)
    }

    /// How soon a waiting run gives up, where it reads the objects of a real cluster every two seconds.
    private func secondsUntilNamed(_ recorded: RecordedCause, within limit: Int = 120) throws -> Int? {
        let objects = try recorded.objects(.late)
        var judge = RolloutJudge(.team, before: nil)
        return try (0...limit / 2).first { look in
            let now = TestClock.start.addingTimeInterval(Double(look * 2))
            guard let cause = judge.judge(objects, at: now).cause else { return false }
            try #require(cause.code == recorded.code)
            return true
        }.map { $0 * 2 }
    }

    @Test(arguments: RecordedCause.all)
    func aRunGivesUpAsSoonAsItsCauseAllows(_ recorded: RecordedCause) throws {
        let seconds = try secondsUntilNamed(recorded)
        switch recorded.code.patience {
        case .none: #expect(seconds == 2)
        case .short(let patience): #expect(seconds == patience)
        case .full: #expect(seconds == nil)
        }
    }

    @Test func whatIsSeenOnlyOnceMayPass() throws {
        var judge = RolloutJudge(.team, before: nil)
        let refused = try #require(RecordedCause.all.first { $0.code == .quotaExceeded }).objects(.early)
        #expect(judge.judge(refused, at: TestClock.start).cause == nil)
        #expect(
            judge.judge(ReleaseObjects(items: [], refused: []), at: TestClock.start.addingTimeInterval(2))
                .cause == nil)
        #expect(judge.judge(refused, at: TestClock.start.addingTimeInterval(4)).cause == nil)
        #expect(judge.judge(refused, at: TestClock.start.addingTimeInterval(6)).cause?.code == .quotaExceeded)
    }

    @Test func podsThatWereThereBeforeMayYetBeReplaced() throws {
        let broken = try #require(RecordedCause.all.first { $0.code == .invalidImageName }).objects(.late)
        var judge = RolloutJudge(.team, before: broken)
        let seconds = (0...60).first {
            judge.judge(broken, at: TestClock.start.addingTimeInterval(Double($0 * 2))).cause != nil
        }
        #expect(seconds == 15)
    }

    @Test func aNodeThatIsOnItsWayIsWaitedFor() throws {
        let full = try #require(RecordedCause.all.first { $0.code == .unschedulableResources }).objects(.late)
        let pod = try #require(full.items.first { $0["kind"]?.string == "Pod" })
        let grows = ReleaseObjects(
            items: full.items + [
                .event("Pod", pod.name, "TriggeredScaleUp", "pod triggered scale-up", type: "Normal")
            ], refused: [])
        var judge = RolloutJudge(.team, before: nil)
        #expect(
            (0...300).allSatisfy {
                judge.judge(grows, at: TestClock.start.addingTimeInterval(Double($0 * 2))).cause == nil
            })
    }

    @Test func whatAnOlderTemplateRanIntoIsNoMatterAnyMore() throws {
        let objects = try #require(RecordedCause.all.first { $0.code == .invalidImageName }).objects(.late)
        let old = try #require(objects.items.first { $0["kind"]?.string == "ReplicaSet" })
        let new = old.setting("newer", at: ["metadata", "uid"]).setting(
            "2",
            at: [
                "metadata", "annotations", "deployment.kubernetes.io/revision",
            ])
        let causes = CauseFinder(ReleaseObjects(items: objects.items + [new], refused: []), of: .team).causes
        #expect(causes == [])
    }

    @Test(arguments: [
        (
            "FailedBinding", "no persistent volumes available for this claim and no storage class is set",
            CauseCode.pvcNoDefaultClass
        ),
        ("ProvisioningFailed", #"storageclass.storage.k8s.io "fast" not found"#, .pvcClassMissing),
        ("ProvisioningFailed", "failed to provision volume: quota", .pvcProvisioningFailed),
        ("ExternalProvisioning", "waiting for a volume to be created", .pvcPending),
    ])
    func aClaimSaysWhatKeepsIt(_ reason: String, _ said: String, _ code: CauseCode) {
        let objects = ReleaseObjects(
            items: [
                .deployment("builder"), .claim(phase: "Pending"),
                .event("PersistentVolumeClaim", "buildkit-cache", reason, said),
            ], refused: [])
        #expect(CauseFinder(objects, of: .team).causes.map(\.code) == [code])
    }

    @Test func aClaimThatWaitsForItsPodIsInOrder() {
        let objects = ReleaseObjects(
            items: [
                .deployment("builder"), .claim(phase: "Pending"),
                .event(
                    "PersistentVolumeClaim", "buildkit-cache", "WaitForFirstConsumer", "waiting",
                    type: "Normal"),
            ], refused: [])
        #expect(CauseFinder(objects, of: .team).causes == [])
    }

    @Test(arguments: [
        (
            "pods \"x\" is forbidden: unable to validate against any security context constraint: []",
            CauseCode.securityContextConstraints
        ),
        (#"admission webhook "policy.example.com" denied the request: no"#, .webhookDenied),
        ("pods \"x\" is forbidden: minimum cpu usage per Container is 1, but request is 500m", .limitRange),
        ("something new", .podRefused),
    ])
    func refusalsThatNobodyRecordedAreTold(_ said: String, _ code: CauseCode) {
        let objects = ReleaseObjects(items: [.deployment("builder", failure: said)], refused: [])
        #expect(CauseFinder(objects, of: .team).causes.map(\.code) == [code])
    }

    /// Messages of the scheduler, from its plugins: https://github.com/kubernetes/kubernetes/tree/master/pkg/scheduler
    @Test(arguments: [
        (
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
            CauseCode.unschedulableSelector
        ),
        ("0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: ci}.", .unschedulableTaint),
        ("0/2 nodes are available: 2 node(s) had volume node affinity conflict.", .unschedulableVolume),
        (
            "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.",
            .unschedulableVolume
        ),
        (#"persistentvolumeclaim "buildkit-cache" not found"#, .pvcMissing),
        ("0/1 nodes are available: 1 Too many pods.", .unschedulableResources),
        ("no nodes available to schedule pods", .unschedulable),
    ])
    func whatTheSchedulerSaysIsTold(_ said: String, _ code: CauseCode) {
        let condition: JSONValue = [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": .string(said),
        ]
        let pod = JSONValue.pod("builder", waiting: "ContainerCreating")
            .setting([condition], at: ["status", "conditions"])
        #expect(causes(pod).map(\.code) == [code])
    }

    @Test(arguments: [
        (
            "FailedCreatePodSandBox",
            "Failed to create pod sandbox: rpc error: failed to setup network for sandbox: no address",
            CauseCode.sandboxFailed
        ),
        (
            "FailedMount",
            #"MountVolume.SetUp failed for volume "config" : configmap "buildkit-proxy" not found"#,
            .configMapMissing
        ),
        (
            "FailedMount",
            #"MountVolume.SetUp failed for volume "outer" : references non-existent secret key: server.pem"#,
            .secretKeyMissing
        ),
        (
            "FailedAttachVolume",
            #"Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node"#,
            .volumeNotMounted
        ),
    ])
    func whatTheKubeletWarnsOfIsTold(_ reason: String, _ said: String, _ code: CauseCode) {
        let pod = JSONValue.pod("builder", waiting: "ContainerCreating")
        #expect(causes(pod, .event("Pod", pod.name, reason, said)).map(\.code) == [code])
    }

    @Test(arguments: [
        ("couldn't find key token in Secret team/buildkit-secrets", CauseCode.secretKeyMissing),
        (#"configmap "buildkit-builder" not found"#, .configMapMissing),
        ("container has runAsNonRoot and image will run as root", .containerConfig),
    ])
    func aContainerThatCannotBeConfiguredSaysWhy(_ said: String, _ code: CauseCode) {
        let state: JSONValue = [
            "waiting": ["reason": "CreateContainerConfigError", "message": .string(said)]
        ]
        let pod = JSONValue.pod("builder", waiting: "CreateContainerConfigError")
            .setting([["ready": false, "state": state]], at: ["status", "containerStatuses"])
        #expect(causes(pod).map(\.code) == [code])
    }

    @Test func aPodThatItsNodeHasEvictedIsTold() {
        let said = "The node was low on resource: ephemeral-storage."
        let pod = JSONValue.pod("builder", waiting: "Error").setting("Evicted", at: ["status", "reason"])
            .setting(.string(said), at: ["status", "message"])
        #expect(causes(pod).map(\.code) == [.evicted])
        #expect(causes(pod).first?.words == said)
    }

    private func causes(_ pod: JSONValue, _ events: JSONValue...) -> [Cause] {
        CauseFinder(ReleaseObjects(items: [pod] + events, refused: []), of: .team).causes
    }

    @Test(arguments: CauseCode.allCases)
    func everyCauseHasAHeadlineAndAFix(_ code: CauseCode) {
        for component in ["builder", "proxy"] {
            let cause = Cause(
                code: code, object: "Pod buildkit-\(component)-1", component: component, words: "no",
                log: nil,
                patience: code.patience, key: "1")
            #expect(!cause.headline.hasSuffix(".") && cause.headline.first?.isUppercase == true)
            #expect(!cause.fix(.team).isEmpty)
            #expect(
                !cause.fix(.team).contains("kubectl") || cause.fix(.team).contains("--context production"))
        }
    }

    /// A value of the chart that has no flag is set in a file, which a flag names.
    @Test(arguments: CauseCode.allCases)
    func aFixThatNamesAChartValueNamesTheFlagOfItsFile(_ code: CauseCode) {
        for component in ["builder", "proxy"] {
            let cause = Cause(
                code: code, object: "Pod buildkit-\(component)-1", component: component, words: "no",
                log: nil, patience: code.patience, key: "1")
            let fix = cause.fix(.team)
            let namesValue = fix.contains(/\b(builder|proxy)\.[a-z]|imagePullSecrets/)
            #expect(!namesValue || fix.contains("--values"), "\(fix)")
        }
    }

    @Test func allPodsAreShownWhenOneOfThemAdvances() {
        var judge = RolloutJudge(.team, before: nil)
        func pods(_ pods: JSONValue...) -> [PodProgress]? {
            judge.judge(ReleaseObjects(items: pods, refused: []), at: TestClock.start).pods
        }
        let creating = JSONValue.pod("builder", waiting: "ContainerCreating")
        let both = [
            PodProgress(name: "buildkit-builder-1", state: "starting"),
            PodProgress(name: "buildkit-proxy-1", state: "ready", isReady: true),
        ]
        #expect(pods(creating) == [both[0]])
        #expect(pods(creating) == nil)
        #expect(pods(creating, .pod("proxy")) == both)
        #expect(pods() == [])
    }

    @Test func whatPodsAreAboutIsShownWhenItChanges() {
        var judge = RolloutJudge(.team, before: nil)
        func lines(_ pod: JSONValue, _ events: JSONValue...) -> [String] {
            judge.judge(ReleaseObjects(items: [pod] + events, refused: []), at: TestClock.start).lines
        }
        let creating = JSONValue.pod("builder", waiting: "ContainerCreating")
        let pulling = JSONValue.event(
            "Pod", "buildkit-builder-1", "Pulling", #"Pulling image "moby/buildkit:v1""#, type: "Normal")
        #expect(lines(creating) == ["buildkit-builder-1: starting"])
        #expect(lines(creating) == [])
        #expect(lines(creating, pulling) == [#"buildkit-builder-1: pulling image "moby/buildkit:v1""#])
        #expect(lines(.pod("builder")) == ["buildkit-builder-1: ready"])
    }
}
