import FoundationEssentials
import LabSupport
import Testing

extension Installation {
    /// Installs, with the client carol.
    func installWithClient() async throws {
        if try await !cluster.has(namespace) {
            // A namespace that is being deleted accepts no new objects.
            try await eventually("the namespace is gone") { try await cluster.isRid(of: namespace) }
        }
        try await require(["install"])
        try await require(["client", "add", "carol"])
    }

    func require(_ words: [String]) async throws {
        let outcome = try await run(words)
        guard outcome.succeeded else { throw LabFailure("\(words): \(outcome.errors)\(outcome.output)") }
    }

    func run(_ words: [String]) async throws -> Outcome {
        try await laptop.installer.run(self.words(words))
    }

    /// A command with the flags that it takes here.
    func words(_ words: [String]) -> [String] {
        let verify = ["uninstall", "sleep", "wake"].contains(words[0]) ? [] : ["--verify", "no"]
        let cache = words[0] == "install" ? ["--cache", "none"] : []
        // Builds cannot be counted here.
        let force = words[0] == "uninstall" ? ["--force"] : []
        return words + ["--yes", "--namespace", namespace, "--timeout", "300"] + verify + cache + force
    }

    /// The files that each Secret contains, by its keys.
    private static let secrets = [
        "buildkit-envoy-certs": [
            "ca.pem": "daemon/ca.pem", "server.pem": "daemon/cert.pem", "server-key.pem": "daemon/key.pem",
            "crl.pem": "authority/crl.pem",
        ],
        "buildkit-secrets": [
            "ca.crt": "inner/ca.pem", "server.crt": "inner/server-cert.pem",
            "server.key": "inner/server-key.pem",
            "client.crt": "inner/client-cert.pem", "client.key": "inner/client-key.pem",
        ],
    ]

    /// Expects the Secrets to equal the local files, and nothing to be incomplete.
    func expectWhole(
        after words: [String], _ moment: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let comment = Comment(rawValue: moment)
        if words.first == "uninstall" {
            #expect(try await revisions().isEmpty, comment, sourceLocation: location)
            guard words.contains("--everything") else { return }
            let left = try self.files().map(\.path).filter { $0.contains("buildkit-installer") }
            #expect(left == [], comment, sourceLocation: location)
            #expect(try self.builder() == nil, comment, sourceLocation: location)
            return
        }
        #expect(try await cluster.list("leases", in: namespace).isEmpty, comment, sourceLocation: location)
        for (secret, files) in Self.secrets {
            let data = try await data(of: secret)
            for (key, file) in files {
                #expect(data[key] == (try text(path(of: "certs/\(file)"))), comment, sourceLocation: location)
            }
        }
        let builder = try await cluster.json(
            "get", "deployment", "buildkit-builder", "-n", namespace, "--output", "json")
        let replicas = builder["spec"]?["replicas"]?.number
        #expect(replicas == (words.first == "sleep" ? 0 : 1), comment, sourceLocation: location)
        let container = builder["spec"]?["template"]?["spec"]?["containers"]?.array.first
        let memory = words.firstIndex(of: "--memory").map { words[$0 + 1] }
        #expect(
            memory == nil || container?["resources"]?["limits"]?["memory"]?.string == memory, comment,
            sourceLocation: location)
        let left = try self.files().map(\.path).filter {
            [".issuing", ".issued", "/renewal", ".aside", "buildkit-installer-new"].contains(
                where: $0.contains)
        }
        #expect(left == [], comment, sourceLocation: location)
        #expect(try await revisions().last == "deployed", comment, sourceLocation: location)
    }
}
