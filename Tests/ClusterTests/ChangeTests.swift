import FoundationEssentials
@testable import Installer
import LabSupport
import Testing

/// The changes of a run on a real API server: over the shared connection they are those of kubectl.
@Suite struct ChangeTests {
    @Test func theyAreWhatKubectlWouldHaveDone() async throws {
        let alone = try await record(isShared: false)
        let shared = try await record(isShared: true)
        for (lines, twins) in zip(shared.printed, alone.printed) { #expect(lines == twins) }
        for (object, twin) in zip(shared.objects, alone.objects) { #expect(object.text == twin.text) }
        #expect(
            alone.verbs == [
                "create", "apply", "apply", "apply", "create", "scale", "annotate", "delete", "delete",
                "delete",
            ])
        // kubectl explains refusals, and takes over from its former way of applying.
        #expect(shared.verbs == ["proxy", "apply", "apply"])
    }

    /// What a series of changes printed, what it left, and the verbs of kubectl that it took.
    private struct Record {
        var printed: [[String]] = []
        var objects: [JSONValue] = []
        var verbs: [String] = []
    }

    private func record(isShared: Bool) async throws -> Record {
        var record = Record()
        try await withNotedKubectl { dependencies, namespace, log in
            try await namespace.kubectl.require(
                "create", "--namespace", namespace.name, "--filename", "-", input: Self.objects)
            try await namespace.kubectl.require(
                "apply", "--namespace", namespace.name, "--filename", "-",
                input: Self.secret("handmade", ["a": "Yg=="]).text)
            let id = InstallationID(context: "test", namespace: namespace.name, release: "buildkit")
            let uid = try await namespace.kubectl.require(
                "get", "pod", "old", "--namespace", namespace.name, "--output",
                "jsonpath={.metadata.uid}")
            let changes = Self.changes(of: id, old: uid)
            record.printed = try await connected(dependencies, isShared) { dependencies in
                var printed: [[String]] = []
                for change in changes { printed.append(try await Self.lines(of: change, dependencies)) }
                return printed.map {
                    $0.map { $0.replacing(namespace.name, with: "NAMESPACE").replacing(uid, with: "UID") }
                }
            }
            for kind in ["secret/certs", "secret/handmade", "deployment/builder", "pod/proxy"] {
                let text = try await namespace.kubectl.require(
                    "get", kind, "--namespace", namespace.name, "--output", "json", "--show-managed-fields")
                record.objects.append(Self.plain(try JSONValue(text: text)))
            }
            record.verbs = try String(contentsOf: URL(filePath: log), encoding: .utf8).split(separator: "\n")
                .map { String($0) }
        }
        return record
    }

    /// Each kind of change, one that a name refuses, one that another manager's field refuses, and one of a Secret
    /// that was applied by hand. The first deletion is of another pod with that name, and the last one of none.
    /// - Parameter uid: that of the pod `old`.
    private static func changes(of id: InstallationID, old uid: String) -> [Command] {
        let kubectl = id.kubectl
        return [
            kubectl.create(secret("certs", ["a": "Yg==", "c": "ZA=="]).text, output: ChangeRequest.uid),
            kubectl.apply(secret("certs", ["a": "ZQ=="]).text, force: true),
            kubectl.apply(secret("others", ["a": "ZQ=="]).text),
            kubectl.apply(secret("handmade", ["a": "ZQ=="]).text, force: true),
            kubectl.create(secret("certs", ["a": "Yg=="]).text, output: ChangeRequest.uid),
            kubectl.scale("deployment/builder", to: 1),
            kubectl.annotate(pods: ["proxy"], with: "12.5"),
        ] + ["another", uid, uid].map { id.pod("old").delete(uid: $0, gracePeriod: 0) }
    }

    /// A UID or an object, which differ, is left out.
    private static func lines(of command: Command, _ dependencies: Dependencies) async throws -> [String] {
        let lines = Lines()
        let result = try await dependencies.runner.run(command) { await lines.add($0.text) }
        let printed = await lines.all
        let differs = command.arguments.contains(ChangeRequest.uid) || command.arguments.first == "delete"
        return ["status \(result.status)"] + (differs && result.status == 0 ? [] : printed) + [result.errors]
    }

    private actor Lines {
        private(set) var all: [String] = []
        func add(_ line: String) { all.append(line) }
    }

    private static func secret(_ name: String, _ data: [String: String]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name)],
            "data": .object(data.mapValues { .string($0) }),
        ]
    }

    /// What was set, and by which managers.
    private static func plain(_ object: JSONValue) -> JSONValue {
        // Not those of the controllers and the kubelet.
        let managers = (object["metadata"]?["managedFields"]?.array ?? []).filter {
            let manager = $0["manager"]?.string ?? ""
            return manager.hasPrefix("kubectl") || manager == Kubectl.fieldManager
        }
        return [
            "data": object["data"] ?? .null, "replicas": object["spec"]?["replicas"] ?? .null,
            "annotations": object["metadata"]?["annotations"] ?? .null,
            "managers": .array(
                managers.map { .object($0.object.filter { $0.key != "time" }) }.sorted { $0.text < $1.text }),
        ]
    }

    /// Server-side apply creates what does not exist, unless the request has the UID of the object that was read.
    @Test(arguments: [true, false]) func aSecretThatWasDeletedIsNotCreatedAgain(isShared: Bool) async throws {
        try await withNotedKubectl { dependencies, namespace, _ in
            let id = InstallationID(context: "test", namespace: namespace.name, release: "buildkit")
            let place = ["--namespace", namespace.name]
            try await connected(dependencies, isShared) { dependencies in
                let made = try await dependencies.runner.run(
                    id.kubectl.create(
                        Self.secret("certs", ["a": "Yg=="]).text, output: ChangeRequest.identity))
                let words = made.output.split(separator: " ").map { String($0) }
                let change = zip(["uid", "resourceVersion"], words).reduce(
                    Self.secret("certs", ["a": "ZQ=="])
                ) {
                    $0.setting(.string($1.1), at: ["metadata", $1.0])
                }
                let apply = id.kubectl.apply(change.text, force: true)
                try await namespace.kubectl.require(["delete", "secret", "certs"] + place)
                let refused = try await dependencies.runner.run(apply)
                #expect(refused.status != 0)
                #expect(refused.errors.contains("uid mismatch"), "\(refused.errors)")
                // Nor is another one with that name changed.
                try await namespace.kubectl.require(
                    ["create", "secret", "generic", "certs", "--from-literal=a=theirs"] + place)
                let other = try await dependencies.runner.run(apply)
                #expect(other.errors.contains("the object has been modified"), "\(other.errors)")
            }
            let left = try await namespace.kubectl.require(
                ["get", "secret", "certs", "--output", "jsonpath={.data.a}"] + place)
            #expect(left == "dGhlaXJz")
        }
    }

    /// kubectl annotates what it finds, and fails.
    @Test func aPodThatHasEndedIsNotAnnotated() async throws {
        try await withNotedKubectl { dependencies, namespace, log in
            try await namespace.kubectl.require(
                "create", "--namespace", namespace.name, "--filename", "-", input: Self.objects)
            let id = InstallationID(context: "test", namespace: namespace.name, release: "buildkit")
            let change = id.kubectl.annotate(pods: ["gone", "proxy"], with: "12.5")
            let shared = try await connected(dependencies, true) { try await $0.runner.run(change) }
            #expect(shared == CommandResult(output: "pod/proxy annotated\n"))
            #expect(try String(contentsOf: URL(filePath: log), encoding: .utf8) == "proxy\n")
            let alone = try await connected(dependencies, false) { try await $0.runner.run(change) }
            #expect(alone.output == "pod/proxy annotated\n")
            #expect(alone.errors.contains("(NotFound)"))
        }
    }

    /// A Secret of another manager, a Deployment without pods, a proxy pod, and one to delete.
    private static let objects = """
        {"apiVersion": "v1", "kind": "List", "items": [
         {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "others"}, "data": {"a": "Yg=="}},
         {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "builder"},
          "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "builder"}},
           "template": {"metadata": {"labels": {"app": "builder"}},
            "spec": {"containers": [{"name": "main", "image": "none"}]}}}},
         {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "proxy", "labels": {
           "app.kubernetes.io/instance": "buildkit", "app.kubernetes.io/component": "proxy"}},
          "spec": {"containers": [{"name": "main", "image": "none"}]}},
         {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "old"},
          "spec": {"containers": [{"name": "main", "image": "none"}]}}]}
        """
}
