extension SecurityProfile {
    /// The most secure profile that the cluster supports according to its nodes, and the reason.
    ///
    /// Requirements of user namespaces: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
    public static func recommended(by facts: Facts) -> (profile: SecurityProfile, reason: String) {
        guard let server = facts.server.value.flatMap({ Version($0) }), let nodes = facts.nodes.value,
            facts.mayListNodes
        else { return (.rootless, "works on most clusters; the nodes could not be read") }
        guard !nodes.isEmpty else {
            return (.rootless, "works on most clusters; this cluster has no Linux node yet")
        }
        guard server >= Version(1, 33) else {
            return (
                .rootless,
                "user namespaces are enabled by default from Kubernetes 1.33; the cluster runs \(server)"
            )
        }
        if let lack = nodes.lazy.compactMap(\.lackForUserNamespaces).first { return (.rootless, lack) }
        return (.userns, "every node supports user namespaces")
    }
}

extension Facts {
    /// A sentence where no node's runtime supports user namespaces, so that a pod that requires one never starts;
    /// otherwise nil.
    var lackOfUserNamespaces: String? {
        guard let nodes = nodes.value, !nodes.isEmpty, nodes.allSatisfy({ $0.userNamespaces == false }) else {
            return nil
        }
        return nodes.count == 1
            ? nodes.first?.lackForUserNamespaces : "no node's container runtime supports user namespaces"
    }
}

extension Facts.Node {
    /// Why the node cannot give a pod a user namespace; nil where it can.
    fileprivate var lackForUserNamespaces: String? {
        // The runtime's own report takes precedence over the versions: support also depends on runc and the kernel.
        if let userNamespaces {
            return userNamespaces
                ? nil
                : "the container runtime of the node \(name), \(runtime), reports no support for user namespaces"
        }
        if !isAtLeast(kubelet, Version(1, 33)) {
            return
                "user namespaces are enabled by default from kubelet 1.33; the node \(name) runs \(kubelet)"
        }
        if !isAtLeast(kernel, Version(6, 3)) {
            return "user namespaces require Linux 6.3; the node \(name) runs \(kernel)"
        }
        let needs = ["containerd://": Version(2, 0), "cri-o://": Version(1, 25)]
        let isEnough = needs.contains { prefix, need in
            runtime.hasPrefix(prefix) && isAtLeast(String(runtime.dropFirst(prefix.count)), need)
        }
        return isEnough
            ? nil : "user namespaces require containerd 2.0 or CRI-O 1.25; the node \(name) runs \(runtime)"
    }

    private func isAtLeast(_ text: String, _ need: Version) -> Bool {
        Version(text).map { $0 >= need } ?? false
    }
}
