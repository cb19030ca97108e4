import FoundationEssentials
import LabSupport

extension Installation {
    /// Runs the uninstall as a script would.
    func uninstall(_ more: String...) async throws -> Outcome {
        try await laptop.installer.run(["uninstall", "--yes", "--namespace", namespace] + more)
    }

    /// Makes the machine one that has been used: with the folders that programs share, and with a builder of its
    /// user's, after another one that is gone.
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

    /// Sets a finalizer on an object, or takes it away: until then the object cannot go.
    func hold(_ kind: String, _ name: String, _ isHeld: Bool) async throws {
        try await cluster.kubectl.require(
            "patch", kind, name, "--namespace", namespace, "--type", "merge", "--patch",
            #"{"metadata": {"finalizers": \#(isHeld ? #"["example.com/hold"]"# : "null")}}"#)
    }

    /// Makes the two Secrets as the chart's README says, of certificates that were issued into a folder.
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

    /// All there is, a line each: every object that the cluster keeps, and every file below the home folder. Only
    /// what comes and goes by itself, and what kubectl and docker keep for themselves, is left out.
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

    /// What belongs to no namespace is everybody's: of that, only what bears this installation's name counts.
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
