/// Why pods are not ready: what Helm does not say when its patience ends.
struct PodTrouble: Equatable {
    /// One sentence a pod: "buildkit-builder-0 waits: ImagePullBackOff: Back-off pulling image …".
    let sentences: [String]

    /// - Parameter objects: tell also what the kubelet warned of: a volume that cannot be mounted, what a probe said.
    init(_ pods: [JSONValue], in objects: ReleaseObjects) {
        sentences = pods.compactMap { Self.sentence(about: $0, warning: objects.lastWarning(about: $0)) }
    }

    /// Why one pod is not ready; nil where it is.
    /// - Parameter warning: what counts where the pod itself gives no reason.
    static func sentence(about pod: JSONValue, warning: String? = nil) -> String? {
        let status = pod["status"]
        let containers =
            (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? [])
        let name = pod["metadata"]?["name"]?.string ?? "A pod"
        for container in containers where container["ready"]?.bool != true {
            if let state = container["state"]?["waiting"], let reason = state["reason"]?.string,
                reason != "PodInitializing"
            {
                return "\(name) waits: \(said(reason, state["message"]?.string ?? warning))"
            }
            let ended = container["state"]?["terminated"] ?? container["lastState"]?["terminated"]
            if let ended, ended["exitCode"]?.number != 0, let reason = ended["reason"]?.string {
                return "\(name) ended: \(said(reason, ended["message"]?.string))"
            }
        }
        let conditions = status?["conditions"]?.array ?? []
        if let unscheduled = conditions.first(where: {
            $0["type"]?.string == "PodScheduled" && $0["status"]?.string == "False"
        }) {
            return
                "\(name) has no node: \(said(unscheduled["reason"]?.string, unscheduled["message"]?.string))"
        }
        return isReady(pod) ? nil : said("\(name) is not ready", warning)
    }

    static func isReady(_ pod: JSONValue) -> Bool {
        (pod["status"]?["conditions"]?.array ?? []).contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        }
    }

    private static func said(_ parts: String?...) -> String {
        parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
