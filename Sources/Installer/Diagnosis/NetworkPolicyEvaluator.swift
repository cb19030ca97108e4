/// Which connections the NetworkPolicies of a namespace allow, as far as labels and ports determine it.
///
/// Policies are additive: a connection that any of them allows is allowed; a pod that no policy selects is open.
/// https://kubernetes.io/docs/concepts/services-networking/network-policies/
struct NetworkPolicyEvaluator {
    let policies: [JSONValue]

    /// One of the release's two parts, described by its pod template: pods exist only while it is awake.
    struct Part {
        let labels: [String: JSONValue]
        /// The port that it listens on, by name and number.
        let port: (name: String, number: Double?)

        init(_ deployment: JSONValue) {
            let template = deployment["spec"]?["template"]
            labels = template?["metadata"]?["labels"]?.object ?? [:]
            let ports = (template?["spec"]?["containers"]?.array ?? []).flatMap { $0["ports"]?.array ?? [] }
            port = (
                "buildkit", ports.first { $0["name"]?.string == "buildkit" }?["containerPort"]?.number
            )
        }
    }

    /// The policies that block connections; empty where connections are allowed.
    /// - Parameter peer: the source of the connections; nil: any source, even if only some are allowed.
    func blockers(into part: Part, from peer: Part?) -> [String] {
        blockers("Ingress", of: part, peers: "from", port: part, peer: peer)
    }

    func blockers(outOf part: Part, to peer: Part) -> [String] {
        blockers("Egress", of: part, peers: "to", port: peer, peer: peer)
    }

    private func blockers(
        _ type: String, of part: Part, peers: String, port: Part, peer: Part?
    ) -> [String] {
        let about = policies.filter { policy in
            let types = policy["spec"]?["policyTypes"]?.array ?? ["Ingress"]
            return types.contains(.string(type))
                && (policy["spec"]?["podSelector"] ?? [:]).selects(part.labels)
        }
        let isLetThrough = about.contains { policy in
            (policy["spec"]?[type.lowercased()]?.array ?? []).contains { rule in
                Self.names(rule["ports"]?.array ?? [], port.port)
                    && Self.means(rule[peers]?.array ?? [], peer)
            }
        }
        return isLetThrough ? [] : about.map(\.name).sorted()
    }

    private static func names(_ ports: [JSONValue], _ port: (name: String, number: Double?)) -> Bool {
        ports.isEmpty
            || ports.contains { rule in
                guard let named = rule["port"] else { return true }
                if let text = named.string { return text == port.name }
                guard let first = named.number, let number = port.number else { return false }
                return first <= number && number <= rule["endPort"]?.number ?? first
            }
    }

    /// Whether the peers of a rule include a part. Peers selected by addresses or namespaces are assumed to include
    /// it.
    private static func means(_ peers: [JSONValue], _ part: Part?) -> Bool {
        guard let part, !peers.isEmpty else { return true }
        return peers.contains { peer in
            guard peer["ipBlock"] == nil, peer["namespaceSelector"] == nil else { return true }
            return (peer["podSelector"] ?? [:]).selects(part.labels)
        }
    }
}
