/// Finds why a release has no ready pods, from Deployments, ReplicaSets, pods, claims and events. Pure: the same
/// objects always give the same causes.
struct CauseFinder {
    private let installation: InstallationID
    private let objects: ReleaseObjects
    private let deployments: [JSONValue]
    private let isDraining: Bool

    init(_ objects: ReleaseObjects, of installation: InstallationID) {
        self.installation = installation
        self.objects = objects
        deployments = objects.deployments(of: installation)
        isDraining = objects.pods(of: installation).contains {
            $0["metadata"]?["deletionTimestamp"] != nil
        }
    }

    /// One cause per object, sorted; causes that do not resolve without a change are first.
    var causes: [Cause] {
        let all =
            deployments.compactMap(refusal) + claims.compactMap(cause(ofClaim:))
            + pods.compactMap(cause(ofPod:))
        return (0...2).flatMap { rank in all.filter { $0.patience.rank == rank } }
    }

    /// Those of one component; nil: of both.
    func causes(of component: String?) -> [Cause] {
        causes.filter { component == nil || $0.component == component }
    }

    /// The cause that prevents one pod from being ready; nil where it is ready, or still in progress.
    func cause(of pod: JSONValue) -> Cause? { cause(ofPod: pod) }

    /// Why a pod is not ready, also where no cause is known: "buildkit-proxy-1: ImagePullBackOff: Back-off pulling
    /// …". Nil where it is ready.
    func trouble(of pod: JSONValue) -> String? {
        guard !pod.isReady else { return nil }
        if let cause = cause(of: pod) { return "\(pod.name): \(cause.words)" }
        let waiting = pod.containers.lazy.compactMap { $0["state"]?["waiting"] }.first
        let said = waiting?["message"]?.string ?? objects.lastWarning(about: pod)
        return ["\(pod.name) is not ready", waiting?["reason"]?.string, said].compactMap(\.self)
            .joined(separator: ": ")
    }

    // MARK: No pods

    /// The API server's message where it rejects a Deployment's pods.
    func refusal(_ deployment: JSONValue) -> Cause? {
        guard deployment["spec"]?["replicas"]?.number != 0 else { return nil }
        // The newest ReplicaSet has the current message; failures of older ones no longer matter.
        let source = newest(of: deployment) ?? deployment
        guard let message = source.message(of: "ReplicaFailure") else { return nil }
        let code = CauseCode(refusal: message)
        return cause(
            code, deployment, message, isDraining && code == .quotaExceeded ? .full : nil, key: source)
    }

    private func newest(of deployment: JSONValue) -> JSONValue? {
        objects.items.filter { $0["kind"]?.string == "ReplicaSet" && $0.isOwned(by: deployment) }.max {
            $0.revision < $1.revision
        }
    }

    // MARK: Pods

    /// The relevant pods: not terminating, and not of a template that is being replaced.
    private var pods: [JSONValue] {
        let owners = deployments.compactMap { newest(of: $0)?["metadata"]?["uid"]?.string }
        return objects.pods(of: installation).filter { pod in
            guard pod["metadata"]?["deletionTimestamp"] == nil else { return false }
            guard let owner = pod.owner, !owners.isEmpty else { return true }
            return owners.contains(owner)
                || !objects.items.contains { $0["metadata"]?["uid"]?.string == owner }
        }
    }

    private func cause(ofPod pod: JSONValue) -> Cause? {
        guard !pod.isReady, pod.phase != "Succeeded" else { return nil }
        if pod["status"]?["reason"]?.string == "Evicted" {
            return cause(.evicted, pod, pod["status"]?["message"]?.string ?? "Evicted", nil)
        }
        if let said = pod.message(of: "PodScheduled") { return unscheduled(pod, said) }
        return pod.containers.lazy.compactMap { containerCause($0, of: pod) }.first ?? told(about: pod)
    }

    private func containerCause(_ container: JSONValue, of pod: JSONValue) -> Cause? {
        guard container["ready"]?.bool != true else { return nil }
        let waiting = container["state"]?["waiting"]
        let reason = waiting?["reason"]?.string ?? ""
        let ended = container["state"]?["terminated"] ?? container["lastState"]?["terminated"]
        let said = waiting?["message"]?.string ?? ended?["message"]?.string
        let name = container["name"]?.string
        if let code = CauseCode(waiting: reason, said ?? "") {
            return cause(
                code, pod, [reason, said].compactMap { $0 }.joined(separator: ": "), nil, container: name)
        }
        guard let ended else {
            // It has been restarted so often that the state of its last exit is no longer reported.
            guard reason == "CrashLoopBackOff" else { return nil }
            return cause(
                .crashLoop, pod, [reason, said].compactMap { $0 }.joined(separator: ": "), nil,
                container: name)
        }
        guard reason == "CrashLoopBackOff" || ended["exitCode"]?.number != 0 else { return nil }
        let why = ended["reason"]?.string ?? "Error"
        let status = ended["exitCode"]?.number.map { "exit status \(Int($0))" } ?? ""
        let times = container["restartCount"]?.number.map { ", restarted \(Int($0)) times" } ?? ""
        let words = "\(name ?? "A container") terminated: \(why), \(status)\(times)"
        let code: CauseCode =
            switch why {
            case "OOMKilled": .outOfMemory
            case "StartError", "ContainerCannotRun": .containerStart
            default: .crashLoop
            }
        return cause(
            code, pod, [words, ended["message"]?.string].compactMap { $0 }.joined(separator: ": "), nil,
            container: name)
    }

    /// The cause of the last kubelet warning.
    private func told(about pod: JSONValue) -> Cause? {
        guard let event = objects.events(about: pod).last(where: { $0["type"]?.string == "Warning" }) else {
            return nil
        }
        let said = event["message"]?.string?.trimmed ?? ""
        guard let code = CauseCode(event: event["reason"]?.string ?? "", said) else { return nil }
        return cause(code, pod, said, nil, container: event.container)
    }

    private func unscheduled(_ pod: JSONValue, _ said: String) -> Cause {
        // A claim without a volume reports its own cause.
        let code = CauseCode(unscheduled: said, asksForArch: pod.asksForArch)
        // An autoscaler reports where it creates a node; a terminating pod frees resources.
        let grows = objects.events(about: pod).contains {
            ["TriggeredScaleUp", "Nominated"].contains($0["reason"]?.string ?? "")
        }
        let makesRoom = isDraining && [.unschedulableResources, .unschedulableVolume].contains(code)
        return cause(code, pod, said, grows || makesRoom ? .full : nil)
    }

    // MARK: Claims

    private var claims: [JSONValue] {
        let used = deployments.flatMap {
            $0.podVolumes.compactMap {
                $0["persistentVolumeClaim"]?["claimName"]?.string
            }
        }
        return objects.items.filter {
            $0["kind"]?.string == "PersistentVolumeClaim" && used.contains($0.name)
                && $0.phase == "Pending"
        }
    }

    /// What prevents a claim from being bound; nil where it only waits for its pod.
    func cause(ofClaim claim: JSONValue) -> Cause? {
        let events = objects.events(about: claim)
        // It waits for its pod, as intended.
        if events.last?["reason"]?.string == "WaitForFirstConsumer" { return nil }
        let said = events.last?["message"]?.string?.trimmed ?? "Pending"
        return cause(CauseCode(claim: events.last?["reason"]?.string ?? "", said), claim, said, nil)
    }

    /// - Parameters:
    ///   - key: the object whose deletion ends the cause, where it is another one.
    ///   - container: the container of a pod that the cause is about, where it is known.
    private func cause(
        _ code: CauseCode, _ object: JSONValue, _ words: String, _ patience: CausePatience?,
        key: JSONValue? = nil, container: String? = nil
    ) -> Cause {
        let hasLog = [.crashLoop, .outOfMemory, .probeFailing].contains(code)
        return Cause(
            code: code, object: "\(object["kind"]?.string ?? "Object") \(object.name)",
            component: object.part, words: words, log: hasLog ? object.name : nil,
            container: hasLog ? container ?? object.loggingContainer : nil,
            patience: patience ?? code.patience,
            key: (key ?? object)["metadata"]?["uid"]?.string ?? object.name)
    }
}

extension CausePatience {
    /// The order, without the number of seconds.
    fileprivate var rank: Int {
        switch self {
        case .none: 0
        case .short: 1
        case .full: 2
        }
    }
}

extension JSONValue {
    /// The message of a condition that reports a problem: a failure that is True, or any other that is False.
    func message(of type: String) -> String? {
        let failed = type == "ReplicaFailure" ? "True" : "False"
        return (self["status"]?["conditions"]?.array ?? []).first {
            $0["type"]?.string == type && $0["status"]?.string == failed
        }.map { $0["message"]?.string ?? $0["reason"]?.string ?? type }
    }

    fileprivate var owner: String? { self["metadata"]?["ownerReferences"]?[0]?["uid"]?.string }

    fileprivate func isOwned(by other: JSONValue) -> Bool {
        owner != nil && owner == other["metadata"]?["uid"]?.string
    }

    /// The Deployment revision of its template; a later one has a higher number.
    fileprivate var revision: Int {
        self["metadata"]?["annotations"]?["deployment.kubernetes.io/revision"]?.string.flatMap { Int($0) }
            ?? 0
    }

    var containers: [JSONValue] {
        (self["status"]?["initContainerStatuses"]?.array ?? [])
            + (self["status"]?["containerStatuses"]?.array ?? [])
    }

    /// The container of a pod whose log shows why the pod is not ready: an init container that has not succeeded, otherwise
    /// that of the chart.
    var loggingContainer: String {
        let initial = self["status"]?["initContainerStatuses"]?.array ?? []
        return initial.first(where: { $0["ready"]?.bool != true })?["name"]?.string
            ?? KubernetesLabels.container(of: part)
    }

    /// The container that an event is about: `spec.containers{envoy}`. Nil: it names none.
    fileprivate var container: String? {
        let parts = (self["involvedObject"]?["fieldPath"]?.string ?? "").split { "{}".contains($0) }
        return parts.count == 2 ? String(parts[1]) : nil
    }

    /// Whether it is restricted to nodes of one architecture.
    fileprivate var asksForArch: Bool {
        let spec = self["spec"]
        let affinity = spec?["affinity"]?["nodeAffinity"]?.text ?? ""
        return spec?["nodeSelector"]?["kubernetes.io/arch"] != nil || affinity.contains("kubernetes.io/arch")
    }

    /// `builder` or `proxy`; the cache volume is the builder's.
    fileprivate var part: String {
        label(KubernetesLabels.component) ?? (name.contains("-proxy") ? "proxy" : "builder")
    }
}
