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

    private let question =
        #"kubectl get namespaces --output 'jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.uid}{"\n"}{end}'"#
        + " --request-timeout=5s --context kind-buildkit"

    /// What kubectl lists of a cluster with that identity.
    private func namespaces(_ names: [String] = [], uid: String = "one") -> CommandResult {
        CommandResult(output: "kube-system \(uid)\n" + names.map { "\($0) other\n" }.joined())
    }

    @Test func onlyARecordedClusterIsOurs() async throws {
        let folder = try TemporaryFolder()
        let first = namespaces(["default"])
        let later = namespaces(["default", "buildkit", "web"])
        let dependencies = Dependencies.test(
            ReplayRunner([(question, first), (question, later)].map { .init($0, $1) }), home: folder.path)
        #expect(await id.localCluster(in: dependencies) == nil)
        let made = try await LocalCluster(.kind).identified(in: dependencies)
        #expect(made.uid == "one")
        try made.record(in: dependencies.places)
        #expect(
            await id.localCluster(in: dependencies)
                == Facts.LocalClusterState(cluster: made, otherNamespaces: ["web"]))
    }

    @Test(arguments: ["another", ""]) func aClusterOfTheSameNameThatWasMadeLaterIsNotOurs(_ uid: String)
        async throws
    {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(
            ReplayRunner([question: namespaces(uid: uid)]), home: folder.path)
        var made = LocalCluster(.kind)
        made.uid = "one"
        try made.record(in: dependencies.places)
        #expect(await id.localCluster(in: dependencies) == nil)
    }

    @Test func anUnreadableRecordProvesNothing() async throws {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        try LocalCluster(.kind).record(in: dependencies.places)
        let path = dependencies.places.localCluster(ofContext: "kind-buildkit")
        try Data("{".utf8).write(to: URL(filePath: path))
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
