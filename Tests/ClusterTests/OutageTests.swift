import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The API server goes away in the middle, and may be asked for less than it takes: each is said, and the next run
/// brings it to its end.
@Suite struct OutageTests {
    @Test func anUninstallThatLosesTheServerIsBroughtToItsEnd() async throws {
        try await withTemporaryFolder { folder in
            let passage = try await Passage(to: .shared, in: folder)
            try await Installation.begin(kubeconfig: passage.kubeconfig) { site in
                try await passage.whileOpen { shut in
                    #expect(try await site.install().succeeded)
                    // Helm waits for it, so that there is a middle.
                    try await site.hold("configmap", "buildkit-proxy", true)
                    async let ending = site.uninstall("--everything", "--timeout", "30")
                    try await eventually("Helm uninstalls") {
                        try await site.revisions() == ["uninstalling"]
                    }
                    shut()
                    let cut = try await ending
                    #expect(cut.status == 1, "\(cut)")
                    #expect(cut.errors.contains("refused"), "\(cut)")
                    // What it takes to go on is all here still.
                    #expect(try site.files().contains { $0.path.hasSuffix("client/key.pem") })
                    #expect(try site.builder() != nil)
                }
                try await site.hold("configmap", "buildkit-proxy", false)
                try await passage.whileOpen { _ in
                    let next = try await site.uninstall("--everything")
                    #expect(next.succeeded, "\(next)")
                    #expect(try await !site.cluster.has(site.namespace))
                    #expect(
                        try site.files().filter { $0.path.contains("buildkit-installer") }.map(\.path) == [])
                }
            }
        }
    }

    @Test func anUpgradeThatLosesTheServerIsBroughtToItsEnd() async throws {
        try await withTemporaryFolder { folder in
            let passage = try await Passage(to: .shared, in: folder)
            try await Installation.begin(kubeconfig: passage.kubeconfig) { site in
                try await passage.whileOpen { shut in
                    #expect(try await site.install().succeeded)
                    async let ending = site.install(
                        "--image", "example.com/unready:1", "--timeout", "30")
                    try await eventually("Helm upgrades") {
                        try await site.revisions().last == "pending-upgrade"
                    }
                    shut()
                    let cut = try await ending
                    #expect(cut.status == 1, "\(cut)")
                    #expect(cut.errors.contains("refused"), "\(cut)")
                }
                try await passage.whileOpen { _ in
                    let next = try await site.install("--output", "json")
                    #expect(next.succeeded, "\(next)")
                    try await expectAsUndisturbed(site)
                }
            }
        }
    }

    @Test func whoMayNotListSecretsIsToldAndChangesNothing() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await withTemporaryFolder { folder in
                let role = try await site.cluster.roleWithoutListingSecrets()
                let kubeconfig = try await site.cluster.user(who: [role], folder: folder)
                let other = try Laptop(in: "\(folder)/laptop", kubeconfig: kubeconfig)
                let objects = try await site.objects()
                for verb in ["install", "uninstall"] {
                    let outcome = try await other.installer.run(
                        verb, "--yes", "--namespace", site.namespace)
                    #expect(outcome.status == 69, "\(outcome)")
                    #expect(outcome.errors.contains(/list (resource ")?secrets/), "\(outcome)")
                }
                let status = try await other.installer.run("status", "--namespace", site.namespace)
                #expect(status.output.contains("buildkit-proxy"), "\(status)")
                #expect(status.output.contains("cannot list resource \"secrets\""), "\(status)")
                #expect(try await site.objects() == objects)
            }
        }
    }
}

extension Cluster {
    /// A role for all that an installation takes, but for the right to list Secrets, in which Helm keeps its releases.
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
