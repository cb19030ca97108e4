import FoundationEssentials
import LabSupport

extension Installation {
    /// Runs the uninstall as a script would. The lab has no kubelet that would forward a port to the proxies, so builds
    /// cannot be counted.
    func uninstall(_ more: String...) async throws -> Outcome {
        try await laptop.installer.run(["uninstall", "--yes", "--force", "--namespace", namespace] + more)
    }

    /// Prepares a machine that has been used: with folders that programs share, and with a builder of the user,
    /// created after another one that was removed.
    func useBefore() async throws {
        for folder in [".config", ".local/state"] {
            try FileManager.default.createDirectory(
                atPath: "\(laptop.home)/\(folder)", withIntermediateDirectories: true)
        }
        for name in ["gone", "mine"] {
            try await laptop.docker.require(
                "buildx", "create", "--name", name, "--driver", "remote", "tcp://elsewhere:1234", "--use")
        }
        try await laptop.docker.require("buildx", "rm", "gone")
    }

    /// Sets a finalizer on an object, or removes it: until then the object cannot be deleted.
    func hold(_ kind: String, _ name: String, _ isHeld: Bool) async throws {
        try await cluster.kubectl.require(
            "patch", kind, name, "--namespace", namespace, "--type", "merge", "--patch",
            #"{"metadata": {"finalizers": \#(isHeld ? #"["example.com/hold"]"# : "null")}}"#)
    }

    /// Creates the two Secrets as in the chart's README, from certificates that were issued into a folder.
    func makeSecretsByHand(from certs: String) async throws {
        try await laptop.installer.require(
            "issue", "--certs", certs, "--sans", "localhost", "--namespace", namespace)
        let outer = ["ca.pem=daemon/ca.pem", "server.pem=daemon/cert.pem", "server-key.pem=daemon/key.pem"]
        let inner = [
            "ca.crt=inner/ca.pem", "server.crt=inner/server-cert.pem", "server.key=inner/server-key.pem",
            "client.crt=inner/client-cert.pem", "client.key=inner/client-key.pem",
        ]
        for (name, files) in [("buildkit-envoy-certs", outer), ("buildkit-secrets", inner)] {
            let parts = files.map { "--from-file=" + $0.replacing("=", with: "=\(certs)/") }
            try await cluster.kubectl.require(
                ["create", "secret", "generic", name, "--namespace", namespace] + parts)
        }
    }

    /// The complete state, one line each: every object in the cluster, and every file below the home folder. Objects
    /// that appear and disappear automatically, and the private files of kubectl and docker, are omitted.
    func everything() async throws -> [String] {
        try await clusterObjects() + homeFiles()
    }

    private func clusterObjects() async throws -> [String] {
        let kinds = try await cluster.kubectl.require(
            "api-resources", "--verbs", "list,delete", "--output", "name"
        ).split(separator: "\n").filter { !$0.hasPrefix("events") }
        // Other tests have namespaces of their own.
        let list = try await cluster.kubectl.require(
            "get", kinds.joined(separator: ","), "--namespace", namespace, "--ignore-not-found", "--output",
            "name")
        return list.split(separator: "\n").map(String.init).filter(isOurs).sorted()
    }

    /// Cluster-scoped objects are shared: of those, only objects with this installation's name count.
    private func isOurs(_ object: String) -> Bool {
        let clusterWide = [
            "namespace/", "node/", "persistentvolume/", "apiservice", "clusterrole", "storageclass",
            "priority",
            "flowschema", "csinode", "customresource", "certificatesigning", "mutatingweb", "validatingweb",
        ]
        return !clusterWide.contains { object.hasPrefix($0) } || object.hasPrefix("namespace/\(namespace)")
    }

    private func homeFiles() throws -> [String] {
        let passing = [".kube", ".docker/buildx/activity", ".docker/buildx/.lock"]
        return try FileManager.default.subpathsOfDirectory(atPath: laptop.home).sorted().filter { path in
            !passing.contains { path == $0 || path.hasPrefix("\($0)/") }
        }.map { path in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(laptop.home)/\(path)")
            let content = FileManager.default.contents(atPath: "\(laptop.home)/\(path)")
            return "\(path) \(attributes[.posixPermissions] ?? 0) "
                + (content.map { String(decoding: $0, as: UTF8.self) } ?? "")
        }
    }
}
