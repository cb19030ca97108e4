/// Why pods are not ready: what Helm does not say when its patience ends.
struct PodProblems: Equatable {
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

/// Objects of the cluster that were told to go and are still there: what each of them waits for.
struct StuckDeletions: Equatable {
    private let objects: [JSONValue]

    /// - Parameter objects: as kubectl prints them; those that nobody deletes do not count.
    init(_ objects: [JSONValue]) {
        self.objects = objects.filter { $0["metadata"]?["deletionTimestamp"] != nil }
    }

    /// One sentence an object: "ConfigMap buildkit-proxy waits for its finalizer example.com/hold".
    var sentences: [String] {
        objects.flatMap { object -> [String] in
            let finalizers = (object["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
            guard finalizers.isEmpty else {
                let noun = finalizers.count > 1 ? "finalizers" : "finalizer"
                return ["\(object.title) waits for its \(noun) \(finalizers.inWords)"]
            }
            // A namespace says in its conditions which objects in it are held, and by what.
            let conditions = (object["status"]?["conditions"]?.array ?? []).filter {
                $0["status"]?.string == "True"
            }.compactMap { $0["message"]?.string }
            return conditions.isEmpty
                ? ["\(object.title) is being deleted"] : conditions.map { "\(object.title): \($0)" }
        }
    }

    /// - Parameter said: what a tool said of it.
    func failure(_ message: String, said: String? = nil, _ kubectl: Kubectl) -> InstallerError {
        let hint = objects.first.map { object in
            let kind = object["kind"]?.string?.lowercased() ?? ""
            let look = kubectl("get", kind, object["metadata"]?["name"]?.string ?? "", "--output", "yaml")
            return "Whoever has set a finalizer takes it away when its work is done. See who: \(look)"
        }
        return InstallerError(
            message, detail: (sentences + [said].compactMap { $0 }).joined(separator: "\n"), hint: hint)
    }
}

extension JSONValue {
    /// "ConfigMap buildkit-proxy"
    fileprivate var title: String {
        "\(self["kind"]?.string ?? "An object") \(self["metadata"]?["name"]?.string ?? "")"
    }
}
