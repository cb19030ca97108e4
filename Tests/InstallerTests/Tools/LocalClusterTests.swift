import FoundationEssentials
@testable import Installer
import Testing

@Suite struct LocalClusterTests {
    private let id = InstallationID(context: "kind-buildkit", namespace: "buildkit", release: "buildkit")

    @Test func eachToolMakesAndDeletesAClusterAndNamesItsContext() {
        let lines = LocalCluster.tools.map { LocalCluster($0) }.map {
            ["\($0.create)", "\($0.delete)", $0.context, "\($0)"]
        }
        #expect(
            lines == [
                [
                    "kind create cluster --name buildkit --wait 180s", "kind delete cluster --name buildkit",
                    "kind-buildkit", "kind cluster buildkit",
                ],
                [
                    "k3d cluster create buildkit --wait", "k3d cluster delete buildkit", "k3d-buildkit",
                    "k3d cluster buildkit",
                ],
                [
                    "minikube start --profile buildkit", "minikube delete --profile buildkit", "buildkit",
                    "minikube cluster buildkit",
                ],
            ])
    }

    @Test func onlyToolsOnThePathAreOffered() throws {
        let folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\n", to: "bin/minikube", mode: 0o755)
        try folder.write("not executable", to: "bin/kind", mode: 0o644)
        var dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        #expect(LocalCluster.available(in: dependencies) == [])
        dependencies.environment["PATH"] = "/nonexistent:\(folder.path)/bin"
        #expect(LocalCluster.available(in: dependencies) == [LocalCluster(.minikube)])
    }

    @Test func onlyARecordedClusterIsOurs() async throws {
        let folder = try TemporaryFolder()
        let namespaces = CommandResult(output: "namespace/default\nnamespace/buildkit\nnamespace/web\n")
        let question =
            "kubectl get namespaces --output name --request-timeout=5s --context kind-buildkit"
        let dependencies = Dependencies.test(ReplayRunner([question: namespaces]), home: folder.path)
        #expect(await id.localCluster(in: dependencies) == nil)
        try LocalCluster(.kind).record(in: dependencies.places)
        #expect(
            await id.localCluster(in: dependencies)
                == Facts.LocalClusterState(cluster: LocalCluster(.kind), otherNamespaces: ["web"]))
    }

    @Test func anUnreadableRecordProvesNothing() async throws {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        try LocalCluster(.kind).record(in: dependencies.places)
        try Data("{".utf8).write(
            to: URL(filePath: dependencies.places.localCluster(ofContext: "kind-buildkit")))
        #expect(await id.localCluster(in: dependencies) == nil)
    }

    @Test func whatCannotBeSeenInItIsUnknown() async throws {
        let folder = try TemporaryFolder()
        // No command is recorded: kubectl fails.
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        try LocalCluster(.kind).record(in: dependencies.places)
        #expect(
            await id.localCluster(in: dependencies)
                == Facts.LocalClusterState(cluster: LocalCluster(.kind), otherNamespaces: nil))
    }
}
