import FoundationEssentials
@testable import Installer
import LabSupport
import Testing

/// The shared connection gives the same answers as separate kubectl processes.
@Suite struct ConnectionTests {
    /// The result of a query, without the fields that kubectl omits, and those that change on their own.
    private struct Outcome: Equatable, CustomStringConvertible {
        let status: Int
        let output: JSONValue?
        let text: String
        var description: String { "status \(status): \(output?.text ?? text)" }

        init(_ result: CommandResult) {
            status = result.status
            let documents = result.output.jsonDocuments.compactMap {
                try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
            }
            output = documents.isEmpty ? nil : .array(documents.map(Self.plain))
            // kubectl itself reports failures.
            text = output == nil ? result.output + result.errors : ""
        }

        private static func plain(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): .array(elements.map(plain).sorted { $0.text < $1.text })
            case .object(let members):
                .object(
                    members.filter {
                        ![
                            "managedFields", "resourceVersion", "selfLink", "clientVersion",
                            "kustomizeVersion",
                        ].contains($0.key)
                    }
                    .filter { $0.key != "apiVersion" || members["items"] == nil }
                    .filter { $0.key != "metadata" || members["items"] == nil }
                    .mapValues(plain))
            default: value
            }
        }
    }

    private func looks(_ installation: InstallationID) -> [Command] {
        var answers = Answers(about: installation)
        answers.certs = "/nonexistent"
        let right = Facts.Right.needed(for: answers)
        return Query<String>.server(installation).commands
            + Query<Facts.NamespaceState>.namespace(installation).commands
            + Query<[Facts.Node]>.nodes(installation).commands
            + Query<[Facts.StorageClass]>.storageClasses(installation).commands
            + Query<Facts.ServiceState?>.service(answers).commands
            + Query<Facts.CacheClaim?>.cacheClaim(answers).commands
            + Query<[SecretObject]>.secrets(["buildkit-envoy-certs", "none"], installation).commands
            + Query<[SecretObject]>.secrets(["none"], installation).commands
            + Query<ReleaseObjects>.objects(installation).commands
            + Query<ReleaseObjects>.pods(of: installation, "proxy", hasReplicaSets: true).commands
            + Query<[Facts.Right]>.missingRights(of: right, installation).commands + [
                installation.cluster.look("get", "--raw", "/version"),
                // A group that the cluster lacks, and a kind that a group of it lacks.
                installation.kubectl.look("get", "scaledobjects.keda.sh", "--output", "json"),
                installation.cluster.look("get", AdmissionRule.kinds[0], "--output", "json"),
                // kubectl itself reports a missing object.
                installation.kubectl.look("get", "service", "none", "--output", "json"),
                installation.pod("none").log(of: "envoy", lines: 5),
                installation.kubectl("get", "secret", "buildkit-envoy-certs", "--output", "json"),
                ClusterLease.reference(of: installation).get,
                installation.cluster.look("get", "--raw", "/none"),
            ]
    }

    private func dependencies(_ laptop: Laptop, _ kubeconfig: String) -> Dependencies {
        let environment = ["PATH": laptop.programs, "HOME": laptop.home, "KUBECONFIG": kubeconfig]
        var dependencies = Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: laptop.home)
        dependencies.sharesConnections = true
        return dependencies
    }

    @Test func itSaysWhatKubectlSays() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().status == 0)
            let dependencies = dependencies(installation.laptop, installation.cluster.kubeconfig)
            let id = InstallationID(context: "", namespace: installation.namespace, release: "buildkit")
            for look in looks(id) {
                let alone = Outcome(try await dependencies.runner.run(look))
                let shared = try await ClusterConnection.sharing(dependencies) {
                    Outcome(try await $0.runner.run(look))
                }
                #expect(shared == alone, "\(look)")
            }
        }
    }

    /// A refusal starts no kubectl, and is in its words.
    @Test func itRefusesAsKubectlDoes() async throws {
        try await Installation.begin { installation in
            let kubeconfig = try await kubeconfig(of: "a-guest", installation)
            let dependencies = dependencies(installation.laptop, kubeconfig)
            let id = InstallationID(context: "", namespace: installation.namespace, release: "buildkit")
            let volumes = id.cluster.look("get", "--raw", "/api/v1/nodes/test/proxy/stats/summary")
            for look in looks(id) + [volumes] {
                let alone = Outcome(try await dependencies.runner.run(look))
                let shared = try await ClusterConnection.sharing(dependencies) {
                    Outcome(try await $0.runner.run(look))
                }
                #expect(shared == alone, "\(look)")
            }
        }
    }

    /// Each of these queries asks for several kinds.
    @Test func aRefusalOfSeveralKindsStartsNoKubectl() async throws {
        try await Installation.begin { installation in
            let log = try logKubectl(of: installation) { "echo \"$1\" >> '\($0)'" }
            let kubeconfig = try await kubeconfig(of: "a-guest", installation)
            let id = InstallationID(
                context: "test", namespace: installation.namespace, release: "buildkit")
            try await ClusterConnection.sharing(dependencies(installation.laptop, kubeconfig)) { shared in
                for _ in 1...2 {
                    let refusal = await #expect(throws: InstallerError.self) {
                        try await Query.pods(of: id, "proxy", hasReplicaSets: true).value(from: shared.runner)
                    }
                    let said = refusal?.detail ?? ""
                    #expect(said.contains("pods is forbidden"), "\(said)")
                }
                let objects = try await Query.objects(id).value(from: shared.runner)
                #expect(objects.items.isEmpty && objects.refused.contains("pods"))
            }
            #expect(try String(contentsOf: URL(filePath: log), encoding: .utf8) == "proxy\n")
        }
    }

    /// Records each kubectl of the machine before it runs.
    /// - Parameter script: writes to the log with the given path.
    /// - Returns: the path of the log.
    private func logKubectl(of installation: Installation, script: (String) -> String) throws -> String {
        let kubectl = try installation.laptop.target(of: "kubectl")
        let log = "\(installation.folder)/kubectl.log"
        // Not by replace(_:with:), which prevents the start of a proxy.
        let place = "\(installation.laptop.programs)/kubectl"
        try FileManager.default.removeItem(atPath: place)
        try StandIn.write("\(script(log))\nexec '\(kubectl)' \"$@\"", to: place)
        return log
    }

    /// The lab's kubeconfig for a user who has no rights.
    private func kubeconfig(of user: String, _ installation: Installation) async throws -> String {
        let text = try await installation.cluster.kubectl.require(
            "config", "view", "--raw", "--output", "json")
        let config = try JSONValue(text: text)
        let users = config["users"]?.array.map { $0.setting(.string(user), at: ["user", "as"]) }
        let path = "\(installation.folder)/\(user)"
        try Data(config.setting(.array(users ?? []), at: ["users"]).text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// The result of a query of Helm: JSON, or text.
    private struct HelmOutcome: Equatable {
        let status: Int
        let output: JSONValue
        let errors: String

        init(_ result: CommandResult) {
            status = result.status
            errors = result.errors
            let json = try? JSONDecoder().decode(JSONValue.self, from: Data(result.output.utf8))
            // The lab's Helm prints the time in seconds.
            output = json.map(Self.withoutTime) ?? .string(result.output)
        }

        private static func withoutTime(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let rows): .array(rows.map(withoutTime))
            case .object(let members): .object(members.filter { $0.key != "updated" })
            default: value
            }
        }
    }

    /// On a machine without Helm.
    @Test func itSaysWhatHelmSays() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await withTemporaryFolder { folder in
                let laptop = try Laptop(in: "\(folder)/with", kubeconfig: namespace.kubeconfig)
                let bare = try Laptop(
                    in: "\(folder)/without", kubeconfig: namespace.kubeconfig, tools: [.kubectl])
                let id = InstallationID(context: "", namespace: namespace.name, release: "small")
                func compare(_ state: String, isAnswered: Bool = true) async throws {
                    for look in [id.helm.history(), id.helm.values(), id.helm.manifest()] {
                        let runner = dependencies(laptop, namespace.kubeconfig).runner
                        let alone = HelmOutcome(try await runner.run(look))
                        let place = isAnswered ? bare : laptop
                        let shared = try await ClusterConnection.sharing(
                            dependencies(place, namespace.kubeconfig)
                        ) {
                            HelmOutcome(try await $0.runner.run(look))
                        }
                        #expect(shared == alone, "\(state): \(look)")
                    }
                }
                let chart = try smallChart(in: folder)
                try await compare("missing")
                try await namespace.helm.require("install", "small", chart)
                try await compare("installed")
                try await namespace.helm.require(
                    "upgrade", "small", chart, "--set-json", #"text="a<b>",list=[1,2.5,null,true]"#)
                try await compare("upgraded")
                try await namespace.helm.require("rollback", "small", "1")
                try await compare("rolled back")
                try await namespace.helm.require("uninstall", "small", "--keep-history")
                try await compare("uninstalled")
                // Helm itself reports a record that is not understood.
                try await namespace.kubectl.require(
                    "label", "secrets", "--selector", "name=small", "version=none", "--overwrite",
                    "--namespace", namespace.name)
                try await compare("without revisions", isAnswered: false)
                try await namespace.helm.require("uninstall", "small")
                try await compare("removed")
            }
        }
    }

    /// A chart with one object and a hook.
    private func smallChart(in folder: String) throws -> String {
        let map = #"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "#
        let files = [
            "Chart.yaml": #"{"apiVersion": "v2", "name": "small", "version": "0.1.0", "appVersion": "7"}"#,
            "values.yaml": "text: none",
            "templates/map.yaml": map + #""small"}, "data": {"text": {{ toJson .Values.text }}}}"#,
            "templates/hook.yaml": map
                + #""hook", "annotations": {"helm.sh/hook": "pre-install", "#
                + #""helm.sh/hook-delete-policy": "hook-succeeded"}}}"#,
        ]
        try FileManager.default.createDirectory(
            atPath: "\(folder)/chart/templates", withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/chart/\(name)"))
        }
        return "\(folder)/chart"
    }

    @Test func manyLooksTakeOneProxyAndLeaveNothing() async throws {
        try await Installation.begin { installation in
            let log = try logKubectl(of: installation) { log in
                """
                echo "$1" >> '\(log)'
                [ "$1" != proxy ] || /usr/bin/stat -c %a "$(dirname "${2#*=}")" >> '\(log)'
                """
            }
            var dependencies = dependencies(installation.laptop, installation.cluster.kubeconfig)
            dependencies.environment["TMPDIR"] = installation.folder
            let id = InstallationID(context: "", namespace: installation.namespace, release: "buildkit")
            let named = InstallationID(
                context: "test", namespace: installation.namespace, release: "buildkit")
            try await ClusterConnection.sharing(dependencies) { shared in
                for id in [id, named] {
                    _ = try await Query<Facts.NamespaceState>.namespace(id).value(from: shared.runner)
                    _ = try await Query<[Facts.Node]>.nodes(id).value(from: shared.runner)
                    // Kinds that the cluster lacks, and a read of a run.
                    for kind in ["scaledobjects.keda.sh", AdmissionRule.kinds[0]] {
                        _ = try await shared.runner.run(id.kubectl.look("get", kind, "--output", "json"))
                    }
                    _ = try await shared.runner.run(
                        id.kubectl("get", "secret", "none", "--ignore-not-found", "--output", "json"))
                }
            }
            let started = try String(contentsOf: URL(filePath: log), encoding: .utf8).split(separator: "\n")
            // Only the user can open the folder of the socket. One line of the kubeconfig tells the context.
            #expect(started.sorted() == ["700", "proxy"])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: installation.folder).filter {
                    $0.hasPrefix("buildkit-installer")
                } == [])
        }
    }

    /// Where a policy forbids the proxy, or none can be started, each query runs its own kubectl.
    @Test func withoutAProxyKubectlIsAskedEachTime() async throws {
        try await Installation.begin { installation in
            let kubectl = try installation.laptop.target(of: "kubectl")
            try installation.laptop.replace("kubectl", with: "exec '\(kubectl)' \"$@\"")
            let dependencies = dependencies(installation.laptop, installation.cluster.kubeconfig)
            let id = InstallationID(context: "", namespace: installation.namespace, release: "buildkit")
            let found = try await ClusterConnection.sharing(dependencies) {
                try await Query<Facts.NamespaceState>.namespace(id).value(from: $0.runner)
            }
            #expect(!found.exists)
        }
    }

    /// kubectl reports an unreachable cluster.
    @Test func aClusterThatDoesNotAnswerIsToldByKubectl() async throws {
        try await withTemporaryFolder { folder in
            let config = "\(folder)/config"
            try Data(
                """
                {"apiVersion": "v1", "kind": "Config", "current-context": "gone",
                 "clusters": [{"name": "gone", "cluster": {"server": "http://127.0.0.1:1"}}],
                 "contexts": [{"name": "gone", "context": {"cluster": "gone", "user": ""}}]}
                """.utf8
            ).write(to: URL(filePath: config))
            let laptop = try Laptop(in: folder, kubeconfig: config)
            let id = InstallationID(context: "", namespace: "buildkit", release: "buildkit")
            let failure = await #expect(throws: InstallerError.self) {
                try await ClusterConnection.sharing(dependencies(laptop, config)) {
                    try await Query<Facts.NamespaceState>.namespace(id).value(from: $0.runner)
                }
            }
            #expect(failure?.detail?.contains("127.0.0.1:1 was refused") == true, "\(failure?.detail ?? "")")
        }
    }
}
