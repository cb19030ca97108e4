import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// Installations of which a part is gone, or held, or somebody else's: each uninstall ends clean or says why not.
@Suite struct HalfGoneTests {
    /// Helm is killed after so many seconds; what it has left goes with the next run.
    @Test(arguments: ["0.4", "0.9", "1.4", "2.1"])
    func helmMayBeKilledAtAnyMoment(_ seconds: String) async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let helm = try FileManager.default.destinationOfSymbolicLink(atPath: "\(site.folder)/bin/helm")
            try site.replaceTool(
                "helm",
                with: "case $1 in uninstall) exec /usr/bin/timeout -s KILL \(seconds) '\(helm)' \"$@\" ;; "
                    + "*) exec '\(helm)' \"$@\" ;; esac")
            let cut = try await site.uninstall("--everything")
            #expect([0, 1].contains(cut.status), "\(cut)")
            try site.replaceTool("helm", with: "exec '\(helm)' \"$@\"")
            let next = try await site.uninstall("--everything")
            #expect(next.succeeded, "\(next)")
            try await expectNothingLeft(site)
        }
    }

    @Test func anObjectThatIsHeldIsNamedWithItsFinalizer() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await site.hold("configmap", "buildkit-proxy", true)
            let held = try await site.uninstall("--everything", "--timeout", "4")
            #expect(held.status == 1)
            #expect(held.errors.contains("example.com/hold"), "\(held)")
            #expect(try site.files().contains { $0.path.hasSuffix("client/key.pem") })
            // Helm has forgotten the release by now.
            #expect(try await site.revisions().isEmpty)
            try await site.hold("configmap", "buildkit-proxy", false)
            #expect(try await site.uninstall("--everything").succeeded)
            try await expectNothingLeft(site)
        }
    }

    @Test func aNamespaceThatCannotGoIsNamedWithWhatHoldsIt() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await site.hold("configmap", "buildkit-proxy", true)
            try await site.cluster.forget(site.namespace)
            try await eventually("the namespace says what holds it") {
                try await site.cluster.kubectl.require("get", "namespace", site.namespace, "--output", "json")
                    .contains("example.com/hold")
            }
            let held = try await site.uninstall("--everything", "--timeout", "2")
            #expect(held.status == 1)
            #expect(
                held.errors.contains("finalizers remaining: example.com/hold in 1 resource instances"),
                "\(held)")
            try await site.hold("configmap", "buildkit-proxy", false)
            let next = try await site.uninstall("--everything")
            #expect(next.succeeded, "\(next)")
            try await expectNothingLeft(site)
        }
    }

    @Test func aReleaseWithoutObjectsGoes() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let kinds = "deployments,services,configmaps,networkpolicies,serviceaccounts"
            try await site.cluster.kubectl.require(
                "delete", kinds, "--all", "--namespace", site.namespace, "--wait=false")
            let outcome = try await site.uninstall("--everything")
            #expect(outcome.succeeded, "\(outcome)")
            try await expectNothingLeft(site)
        }
    }

    @Test func objectsWithoutAReleaseGo() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await site.cluster.kubectl.require(
                "delete", "secrets", "--selector", "owner=helm", "--namespace", site.namespace)
            let outcome = try await site.uninstall("--everything", "--output", "json")
            #expect(try outcome.plannedSteps().first == "objects", "\(outcome)")
            #expect(outcome.succeeded)
            try await expectNothingLeft(site)
        }
    }

    @Test func whatOthersHaveInTheNamespaceStaysAndTheNamespaceToo() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await site.cluster.kubectl.require(
                "create", "configmap", "theirs", "--namespace", site.namespace)
            let outcome = try await site.uninstall("--everything")
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("because configmap/theirs would go with it"), "\(outcome)")
            #expect(try await site.objects().map(\.title) == ["ConfigMap/theirs"])
            #expect(try await site.cluster.has(site.namespace))
        }
    }

    @Test func secretsMadeByHandAndANamespaceThatWasThereStay() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { site in
                let certs = "\(site.folder)/certs"
                try await site.makeSecretsByHand(from: certs)
                let secrets = try await site.objects()
                let installed = try await site.install("--certificates", "secrets")
                #expect(installed.succeeded, "\(installed)")
                let outcome = try await site.uninstall("--everything")
                #expect(outcome.succeeded, "\(outcome)")
                #expect(try await site.objects() == secrets)
                #expect(try await site.cluster.has(site.namespace))
                #expect(try site.files().map(\.path).contains { $0.contains("buildkit-installer") } == false)
            }
        }
    }

    @Test func anotherMachineTakesTheClustersPartAndThisOneItsOwn() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            try await withTemporaryFolder { folder in
                let other = try Laptop(in: folder, kubeconfig: site.cluster.kubeconfig)
                let outcome = try await other.installer.run(
                    "uninstall", "--yes", "--namespace", site.namespace, "--everything")
                #expect(outcome.succeeded, "\(outcome)")
                #expect(outcome.output.contains("docker buildx rm remote-kubernetes"))
            }
            let own = try await site.uninstall("--everything", "--output", "json")
            #expect(
                try own.plannedSteps() == [
                    "current-builder", "builder-remote-kubernetes", "certificates", "authority", "records",
                ])
            try await expectNothingLeft(site)
        }
    }

    private func expectNothingLeft(_ site: Installation) async throws {
        #expect(try await !site.cluster.has(site.namespace))
        #expect(try site.builder() == nil)
        #expect(try site.files().filter { $0.path.contains("buildkit-installer") }.map(\.path) == [])
        let again = try await site.uninstall("--everything")
        #expect(again.output.contains("There was nothing to remove."), "\(again)")
    }
}
