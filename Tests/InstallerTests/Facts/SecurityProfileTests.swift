@testable import Installer
import Testing

@Suite struct SecurityProfileTests {
    private func facts(server: String, _ nodes: Facts.Node...) -> Facts {
        var facts = Facts()
        facts.server = .known(server)
        facts.nodes = .known(nodes)
        return facts
    }

    private func node(
        _ name: String = "a", kernel: String = "6.8.0-45-generic", kubelet: String = "1.33.1",
        runtime: String = "containerd://2.1.4"
    ) -> Facts.Node {
        Facts.Node(
            name: name, addresses: [], architecture: "amd64", kernel: kernel, kubelet: kubelet,
            runtime: runtime)
    }

    @Test func aNewClusterGetsUserNamespaces() {
        let best = SecurityProfile.recommended(
            by: facts(server: "1.36.2", node(), node(runtime: "cri-o://1.30.2")))
        #expect(best.profile == .userns)
    }

    @Test func oneOldNodeIsEnoughForRootless() {
        let old = [
            (node("b", kernel: "5.15.0"), "user namespaces require Linux 6.3; the node b runs 5.15.0"),
            (
                node("b", kubelet: "1.31.0"),
                "user namespaces are enabled by default from kubelet 1.33; the node b runs 1.31.0"
            ),
            (
                node("b", runtime: "containerd://1.7.24"),
                "user namespaces require containerd 2.0 or CRI-O 1.25; the node b runs containerd://1.7.24"
            ),
            (
                node("b", runtime: "docker://20.10"),
                "user namespaces require containerd 2.0 or CRI-O 1.25; the node b runs docker://20.10"
            ),
        ]
        for (node, reason) in old {
            let best = SecurityProfile.recommended(by: facts(server: "1.36.2", self.node(), node))
            #expect(best == (.rootless, reason))
        }
    }

    @Test func theRuntimesOwnWordCountsForMoreThanItsVersion() {
        var without = node("b")
        without.userNamespaces = false
        #expect(
            SecurityProfile.recommended(by: facts(server: "1.36.2", node(), without))
                == (
                    .rootless,
                    "the container runtime of the node b, containerd://2.1.4, reports no support for user namespaces"
                ))
        var with = node("b", runtime: "containerd://1.7.30")
        with.userNamespaces = true
        #expect(SecurityProfile.recommended(by: facts(server: "1.36.2", with)).profile == .userns)
    }

    @Test func anOldServerIsEnoughForRootless() {
        let best = SecurityProfile.recommended(by: facts(server: "1.32.4-gke.1", node()))
        #expect(
            best == (
                .rootless,
                "user namespaces are enabled by default from Kubernetes 1.33; the cluster runs 1.32.4"
            ))
    }

    @Test func withoutNodesNothingIsRisked() {
        #expect(SecurityProfile.recommended(by: facts(server: "1.36.2")).profile == .rootless)
        #expect(SecurityProfile.recommended(by: Facts()).profile == .rootless)
    }
}
