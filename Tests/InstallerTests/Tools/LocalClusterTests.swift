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

    private func offers(_ scripts: [Tool: String]) async throws -> [LocalCluster] {
        let tools = try FakeTools(scripts)
        try tools.folder.write("not executable", to: "k3d", mode: 0o644)
        var dependencies = Dependencies.test(tools.runner)
        #expect(await LocalCluster.available(in: dependencies) == [])
        dependencies.environment["PATH"] = "/nonexistent:\(tools.folder.path)"
        return await LocalCluster.available(in: dependencies)
    }

    @Test func onlyToolsOnThePathAreOffered() async throws {
        #expect(
            try await offers([.minikube: #"echo '{"invalid":[],"valid":[]}'"#]) == [LocalCluster(.minikube)])
    }

    /// `minikube start` starts an existing profile, which an uninstall would then take for its own.
    @Test func aClusterOfTheUserIsNeverTakenOver() async throws {
        let taken = [
            Tool.kind: "[ \"$*\" = 'get clusters' ] && echo buildkit && echo buildkit-2",
            .minikube: #"echo '{"invalid":[{"Name":"buildkit"}],"valid":[{"Name":"minikube"}]}'"#,
        ]
        #expect(
            try await offers(taken) == [
                LocalCluster(.kind, name: "buildkit-3"), LocalCluster(.minikube, name: "buildkit-2"),
            ])
        let none = [Tool.kind: "echo 'No kind clusters found.' >&2", .minikube: "exit 1"]
        #expect(try await offers(none) == [LocalCluster(.kind)])
        let unknown = [Tool.kind: "echo 'ERROR: failed to list clusters'", .minikube: "echo '{}'"]
        #expect(try await offers(unknown) == [])
    }

    private let question =
        #"kubectl get namespaces --output 'jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.uid}{"\n"}{end}'"#
        + " --request-timeout=5s --context kind-buildkit"

    /// The output of kubectl for a cluster with that identity.
    private func namespaces(_ names: [String] = [], uid: String = "one") -> CommandResult {
        CommandResult(output: "kube-system \(uid)\n" + names.map { "\($0) other\n" }.joined())
    }

    /// A kubectl of a cluster with these namespaces, and these objects in `default`.
    private func kubectl(_ namespaces: [String], objects: [String] = []) -> String {
        let rows = (["v1\tService\tkubernetes"] + objects).map {
            $0 + String(repeating: "\t", count: NamespaceObject.fields.count - 3)
        }
        return """
            case "$*" in
            "get namespaces "*) printf 'kube-system one\\n\(namespaces.map { "\($0) other\\n" }.joined())';;
            api-resources*) printf 'services\\ndeployments.apps\\n';;
            "get services"*"--namespace default"*) printf '\(rows.map { "\($0)\\n" }.joined())';;
            esac
            """
    }

    private func state(_ kubectl: String) async throws -> Facts.LocalClusterState? {
        let tools = try FakeTools([.kubectl: kubectl])
        let dependencies = Dependencies.test(tools.runner, home: tools.folder.path)
        #expect(try await id.localCluster(in: dependencies) == nil)
        let made = try await LocalCluster(.kind).identified(in: dependencies)
        #expect(made.uid == "one")
        try made.record(in: dependencies.places)
        return try await id.localCluster(in: dependencies)
    }

    @Test func onlyARecordedClusterIsOurs() async throws {
        let found = try await state(kubectl(["default", "buildkit", "web"]))
        #expect(found?.cluster.name == "buildkit")
        #expect(found?.others == ["namespace/web"])
    }

    @Test func whatIsInTheNamespaceDefaultIsSomebodys() async throws {
        let found = try await state(
            kubectl(["default", "buildkit"], objects: ["apps/v1\tDeployment\tshop"]))
        #expect(found?.others == ["deployment.apps/shop in the namespace default"])
        #expect(
            found?.reasonToKeep == "it also contains deployment.apps/shop in the namespace default")
    }

    @Test func aClusterWhoseCreationWasInterruptedIsKeptAndSaid() async throws {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        try LocalCluster(.kind).record(in: dependencies.places)
        await #expect(throws: InstallerError("The creation of the kind cluster buildkit was interrupted")) {
            do { _ = try await id.localCluster(in: dependencies) } catch let failure as InstallerError {
                #expect(failure.hint == "Delete it: kind delete cluster --name buildkit")
                throw InstallerError(failure.message)
            }
        }
    }

    /// Somebody has used it since the plan was made.
    @Test(arguments: [true, false]) func aLastLookDecidesWhetherItIsDeleted(_ isUsed: Bool) async throws {
        let tools = try FakeTools([
            .kubectl: kubectl(
                ["default", "buildkit"], objects: isUsed ? ["apps/v1\tDeployment\tshop"] : []),
            .kind: "echo \"$*\" >> \"${0%/*}/calls\"",
        ])
        let dependencies = Dependencies.test(tools.runner, home: tools.folder.path)
        let made = try await LocalCluster(.kind).identified(in: dependencies)
        try made.record(in: dependencies.places)
        let removal = LocalClusterRemoval(
            cluster: made, emptied: EmptiedNamespace(installation: id, cacheClaim: "buildkit-cache"))
        let rehearsal = await rehearse(
            .test([Step(id: "cluster", title: "Delete", action: .deleteLocalCluster(removal: removal))]),
            in: dependencies)
        let calls = try? String(contentsOf: URL(filePath: "\(tools.folder.path)/calls"), encoding: .utf8)
        #expect(calls == (isUsed ? nil : "delete cluster --name buildkit\n"))
        #expect(
            rehearsal.run.failure?.message
                == (isUsed
                    ? "The kind cluster buildkit was kept: it also contains deployment.apps/shop in the namespace default"
                    : nil))
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
        #expect(try await id.localCluster(in: dependencies) == nil)
    }

    @Test func anUnreadableRecordProvesNothing() async throws {
        let folder = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([]), home: folder.path)
        try LocalCluster(.kind).record(in: dependencies.places)
        let path = dependencies.places.localCluster(ofContext: "kind-buildkit")
        try Data("{".utf8).write(to: URL(filePath: path))
        await #expect(throws: InstallerError.self) { try await id.localCluster(in: dependencies) }
    }

    /// Without an answer kubectl fails. A namespace in a line that cannot be read is not absent.
    @Test(arguments: [nil, "", "kube-system one\nshop\n", "kube-system one\nerror: unexpected EOF\n"])
    func whatCannotBeSeenInItIsUnknown(_ output: String?) async throws {
        let folder = try TemporaryFolder()
        let answers = output.map { [ReplayRunner.Recording(question, CommandResult(output: $0))] } ?? []
        let dependencies = Dependencies.test(ReplayRunner(answers), home: folder.path)
        var made = LocalCluster(.kind)
        made.uid = "one"
        try made.record(in: dependencies.places)
        #expect(
            try await id.localCluster(in: dependencies)
                == Facts.LocalClusterState(cluster: made, others: nil))
    }
}
