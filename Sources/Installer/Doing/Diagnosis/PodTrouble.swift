/// Why the pods of a release are not ready: what Helm does not say when its patience ends.
struct PodTrouble: Equatable {
    /// One sentence a pod: "buildkit-builder-0 waits: ImagePullBackOff: Back-off pulling image …".
    let sentences: [String]

    /// - Parameter pods: the list that `kubectl get pods --output json` prints.
    init(pods: JSONValue) {
        sentences = (pods["items"]?.array ?? []).compactMap(Self.sentence)
    }

    /// Why one pod is not ready; nil where it is.
    static func sentence(about pod: JSONValue) -> String? {
        let status = pod["status"]
        let containers =
            (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? [])
        let name = pod["metadata"]?["name"]?.string ?? "A pod"
        for container in containers where container["ready"]?.bool != true {
            if let state = container["state"]?["waiting"], let reason = state["reason"]?.string,
                reason != "PodInitializing"
            {
                return "\(name) waits: \(said(reason, state["message"]))"
            }
            let ended = container["state"]?["terminated"] ?? container["lastState"]?["terminated"]
            if let ended, ended["exitCode"]?.number != 0, let reason = ended["reason"]?.string {
                return "\(name) ended: \(said(reason, ended["message"]))"
            }
        }
        let conditions = status?["conditions"]?.array ?? []
        if let unscheduled = conditions.first(where: {
            $0["type"]?.string == "PodScheduled" && $0["status"]?.string == "False"
        }) {
            return "\(name) has no node: \(said(unscheduled["reason"]?.string ?? "", unscheduled["message"]))"
        }
        return isReady(pod) ? nil : "\(name) is not ready"
    }

    static func isReady(_ pod: JSONValue) -> Bool {
        (pod["status"]?["conditions"]?.array ?? []).contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        }
    }

    private static func said(_ reason: String, _ message: JSONValue?) -> String {
        [reason, message?.string ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
