import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// Installations with a part that is missing, held, or foreign: each uninstall succeeds or reports why not.
@Suite struct HalfGoneTests {
    /// Helm is killed after this number of seconds; the next run removes the rest.
    @Test(arguments: ["0.4", "0.9", "1.4", "2.1"])
    func helmMayBeKilledAtAnyMoment(_ seconds: String) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let helm = try installation.laptop.target(of: "helm")
            try installation.laptop.replace(
                "helm",
                with: "case $1 in uninstall) exec /usr/bin/timeout -s KILL \(seconds) '\(helm)' \"$@\" ;; "
                    + "*) exec '\(helm)' \"$@\" ;; esac")
            let cut = try await installation.uninstall("--everything")
            #expect([0, 1].contains(cut.status), "\(cut)")
            try installation.laptop.replace("helm", with: "exec '\(helm)' \"$@\"")
            let next = try await installation.uninstall("--everything")
            #expect(next.succeeded, "\(next)")
            try await expectNothingLeft(installation)
        }
    }

    @Test func anObjectThatIsHeldIsNamedWithItsFinalizer() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.hold("configmap", "buildkit-proxy", true)
            let held = try await installation.uninstall("--everything", "--timeout", "4")
            #expect(held.status == 1)
            #expect(held.errors.contains("example.com/hold"), "\(held)")
            #expect(try installation.files().contains { $0.path.hasSuffix("client/key.pem") })
            // Helm has already deleted its record of the release.
            #expect(try await installation.revisions().isEmpty)
            try await installation.hold("configmap", "buildkit-proxy", false)
            #expect(try await installation.uninstall("--everything").succeeded)
            try await expectNothingLeft(installation)
        }
    }

    @Test func aNamespaceThatCannotGoIsNamedWithWhatHoldsIt() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.hold("configmap", "buildkit-proxy", true)
            try await installation.cluster.forget(installation.namespace)
            try await eventually("the namespace says what holds it") {
                try await installation.cluster.kubectl.require(
                    "get", "namespace", installation.namespace, "--output", "json"
                )
                .contains("example.com/hold")
            }
            let held = try await installation.uninstall("--everything", "--timeout", "2")
            #expect(held.status == 1)
            #expect(
                held.errors.contains("finalizers remaining: example.com/hold in 1 resource instances"),
                "\(held)")
            try await installation.hold("configmap", "buildkit-proxy", false)
            let next = try await installation.uninstall("--everything")
            #expect(next.succeeded, "\(next)")
            try await expectNothingLeft(installation)
        }
    }

    @Test func aReleaseWithoutObjectsGoes() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let kinds = "deployments,services,configmaps,networkpolicies,serviceaccounts"
            try await installation.cluster.kubectl.require(
                "delete", kinds, "--all", "--namespace", installation.namespace, "--wait=false")
            let outcome = try await installation.uninstall("--everything")
            #expect(outcome.succeeded, "\(outcome)")
            try await expectNothingLeft(installation)
        }
    }

    @Test func objectsWithoutAReleaseGo() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.cluster.kubectl.require(
                "delete", "secrets", "--selector", "owner=helm", "--namespace", installation.namespace)
            let outcome = try await installation.uninstall("--everything", "--output", "json")
            #expect(try outcome.plannedSteps().prefix(2) == ["pods", "objects"], "\(outcome)")
            #expect(outcome.succeeded)
            try await expectNothingLeft(installation)
        }
    }

    @Test func whatOthersHaveInTheNamespaceStaysAndTheNamespaceToo() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.cluster.kubectl.require(
                "create", "configmap", "theirs", "--namespace", installation.namespace)
            let outcome = try await installation.uninstall("--everything")
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("because it also contains configmap/theirs"), "\(outcome)")
            #expect(try await installation.objects().map(\.title) == ["ConfigMap/theirs"])
            #expect(try await installation.cluster.has(installation.namespace))
        }
    }

    @Test func secretsMadeByHandAndANamespaceThatWasThereStay() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let certs = "\(installation.folder)/certs"
                try await installation.makeSecretsByHand(from: certs)
                let secrets = try await installation.objects()
                let installed = try await installation.install("--certificates", "secrets")
                #expect(installed.succeeded, "\(installed)")
                let outcome = try await installation.uninstall("--everything")
                #expect(outcome.succeeded, "\(outcome)")
                #expect(try await installation.objects() == secrets)
                #expect(try await installation.cluster.has(installation.namespace))
                #expect(
                    try installation.files().map(\.path).contains { $0.contains("buildkit-installer") }
                        == false)
            }
        }
    }

    @Test func anotherMachineTakesTheClustersPartAndThisOneItsOwn() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await withTemporaryFolder { folder in
                let other = try Laptop(in: folder, kubeconfig: installation.cluster.kubeconfig)
                let arguments = ["uninstall", "--yes", "--namespace", installation.namespace, "--everything"]
                let refused = try await other.installer.run(arguments)
                #expect(refused.status == 69)
                #expect(refused.errors.contains("its clients lose access"), "\(refused)")
                let outcome = try await other.installer.run(arguments + ["--take-over", "--force"])
                #expect(outcome.succeeded, "\(outcome)")
                #expect(outcome.output.contains("docker buildx rm remote-kubernetes"))
            }
            let own = try await installation.uninstall("--everything", "--output", "json")
            #expect(
                try own.plannedSteps() == [
                    "current-builder", "builder-remote-kubernetes", "certificates", "authority", "records",
                ])
            try await expectNothingLeft(installation)
        }
    }

    private func expectNothingLeft(_ installation: Installation) async throws {
        #expect(try await !installation.cluster.has(installation.namespace))
        #expect(try installation.builder() == nil)
        #expect(try installation.files().filter { $0.path.contains("buildkit-installer") }.map(\.path) == [])
        let again = try await installation.uninstall("--everything")
        #expect(again.output.contains("Nothing to remove."), "\(again)")
    }
}
