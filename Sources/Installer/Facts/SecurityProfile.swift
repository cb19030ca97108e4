extension SecurityProfile {
    /// The safest profile that the cluster can run as far as its nodes say, and why.
    ///
    /// Needs of user namespaces: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
    public static func recommended(by facts: Facts) -> (profile: SecurityProfile, reason: String) {
        guard let server = facts.server.value.flatMap({ Version($0) }), let nodes = facts.nodes.value,
            facts.mayListNodes
        else { return (.rootless, "it works on most clusters, and the nodes could not be looked at") }
        guard !nodes.isEmpty else {
            return (.rootless, "it works on most clusters, and this cluster has no Linux node yet")
        }
        guard server >= Version(1, 33) else {
            return (.rootless, "user namespaces need Kubernetes 1.33, and the cluster has \(server)")
        }
        if let lack = nodes.lazy.compactMap(\.lackForUserNamespaces).first { return (.rootless, lack) }
        return (.userns, "every node can give BuildKit a user namespace of its own")
    }
}

extension Facts {
    /// A sentence where no node's runtime can give a pod a user namespace, so that a pod that wants one never starts.
    var lackOfUserNamespaces: String? {
        guard let nodes = nodes.value, !nodes.isEmpty, nodes.allSatisfy({ $0.userNamespaces == false }) else {
            return nil
        }
        return nodes.count == 1
            ? nodes.first?.lackForUserNamespaces : "no node's container runtime has user namespaces"
    }
}

extension Facts.Node {
    /// What keeps the node from giving a pod a user namespace; nil where nothing does.
    fileprivate var lackForUserNamespaces: String? {
        // The runtime's own word counts for more than what versions promise: it also depends on runc and the kernel.
        if let userNamespaces {
            return userNamespaces
                ? nil : "the container runtime of the node \(name), \(runtime), reports no user namespaces"
        }
        if !isAtLeast(kubelet, Version(1, 33)) {
            return "user namespaces need a kubelet of 1.33, and the node \(name) has \(kubelet)"
        }
        if !isAtLeast(kernel, Version(6, 3)) {
            return "user namespaces need Linux 6.3, and the node \(name) has \(kernel)"
        }
        let needs = ["containerd://": Version(2, 0), "cri-o://": Version(1, 25)]
        let isEnough = needs.contains { prefix, need in
            runtime.hasPrefix(prefix) && isAtLeast(String(runtime.dropFirst(prefix.count)), need)
        }
        return isEnough
            ? nil : "user namespaces need containerd 2.0 or CRI-O 1.25, and the node \(name) has \(runtime)"
    }

    private func isAtLeast(_ text: String, _ need: Version) -> Bool {
        Version(text).map { $0 >= need } ?? false
    }
}
