import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The API server becomes unreachable during a run, or rejects some requests: each failure is reported, and the next
/// run completes the work.
@Suite struct OutageTests {
    @Test func anUninstallThatLosesTheServerIsBroughtToItsEnd() async throws {
        try await withTemporaryFolder { folder in
            let passage = try await Passage(to: .shared, in: folder)
            try await Installation.begin(kubeconfig: passage.kubeconfig) { installation in
                try await passage.whileOpen { shut in
                    #expect(try await installation.install().succeeded)
                    // Helm waits for it, which gives time to interrupt the run.
                    try await installation.hold("configmap", "buildkit-proxy", true)
                    async let ending = installation.uninstall("--everything", "--timeout", "30")
                    try await eventually("Helm uninstalls") {
                        try await installation.revisions() == ["uninstalling"]
                    }
                    shut()
                    let cut = try await ending
                    #expect(cut.status == 1, "\(cut)")
                    #expect(cut.errors.contains("refused"), "\(cut)")
                    // All files that are needed to continue are still here.
                    #expect(try installation.files().contains { $0.path.hasSuffix("client/key.pem") })
                    #expect(try installation.builder() != nil)
                }
                try await installation.hold("configmap", "buildkit-proxy", false)
                try await passage.whileOpen { _ in
                    let next = try await installation.uninstall("--everything")
                    #expect(next.succeeded, "\(next)")
                    #expect(try await !installation.cluster.has(installation.namespace))
                    #expect(
                        try installation.files().filter { $0.path.contains("buildkit-installer") }.map(\.path)
                            == [])
                }
            }
        }
    }

    @Test func anUpgradeThatLosesTheServerIsBroughtToItsEnd() async throws {
        try await withTemporaryFolder { folder in
            let passage = try await Passage(to: .shared, in: folder)
            try await Installation.begin(kubeconfig: passage.kubeconfig) { installation in
                try await passage.whileOpen { shut in
                    #expect(try await installation.install().succeeded)
                    async let ending = installation.install(
                        "--image", "example.com/unready:1", "--timeout", "30")
                    try await eventually("Helm upgrades") {
                        try await installation.revisions().last == "pending-upgrade"
                    }
                    shut()
                    let cut = try await ending
                    #expect(cut.status == 1, "\(cut)")
                    #expect(cut.errors.contains("refused"), "\(cut)")
                }
                try await passage.whileOpen { _ in
                    let next = try await installation.install("--output", "json")
                    #expect(next.succeeded, "\(next)")
                    try await expectAsUndisturbed(installation)
                }
            }
        }
    }

    @Test func whoMayNotListSecretsIsToldAndChangesNothing() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await withTemporaryFolder { folder in
                let role = try await installation.cluster.roleWithoutListingSecrets()
                let kubeconfig = try await installation.cluster.user(who: [role], folder: folder)
                let other = try Laptop(in: "\(folder)/laptop", kubeconfig: kubeconfig)
                let objects = try await installation.objects()
                for verb in ["install", "uninstall"] {
                    let outcome = try await other.installer.run(
                        verb, "--yes", "--namespace", installation.namespace)
                    #expect(outcome.status == 69, "\(outcome)")
                    #expect(outcome.errors.contains(/list (resource ")?secrets/), "\(outcome)")
                }
                let status = try await other.installer.run("status", "--namespace", installation.namespace)
                #expect(status.output.contains("buildkit-proxy"), "\(status)")
                #expect(status.output.contains("cannot list resource \"secrets\""), "\(status)")
                #expect(try await installation.objects() == objects)
            }
        }
    }
}

extension Cluster {
    /// A role with all rights that an installation needs, except the right to list Secrets, in which Helm stores its
    /// releases.
    fileprivate func roleWithoutListingSecrets() async throws -> String {
        let name = "no-list-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let groups: [JSONValue] = ["", "apps", "networking.k8s.io", "policy", "keda.sh"]
        let resources: [JSONValue] = [
            "configmaps", "services", "pods", "pods/portforward", "serviceaccounts", "namespaces", "events",
            "persistentvolumeclaims", "deployments", "replicasets", "networkpolicies", "poddisruptionbudgets",
        ]
        let role: JSONValue = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": ["name": .string(name)],
            "rules": [
                ["apiGroups": .array(groups), "resources": .array(resources), "verbs": ["*"]],
                [
                    "apiGroups": [""], "resources": ["secrets"],
                    "verbs": ["create", "delete", "get", "patch", "update"],
                ],
            ],
        ]
        try await kubectl.require("create", "--filename", "-", input: role.text(indented: false))
        return name
    }
}
