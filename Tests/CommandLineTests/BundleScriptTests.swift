import FoundationEssentials
@testable import Installer
import LabSupport
import Testing

/// The script in a client's bundle, run by a real shell with the real docker buildx, which dials nothing for it.
@Suite(.timeLimit(.minutes(10)))
struct BundleScriptTests {
    private func script(
        _ endpoint: Endpoint = Endpoint(host: "10.0.0.1", port: 1234), platforms: [String] = ["linux/amd64"]
    ) -> String {
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: endpoint), servername: nil,
            folder: "/made/elsewhere",
            platforms: platforms, use: true)
        let bundle = ClientBundle(client: "ci", registration: registration, tunnel: nil, path: "ci.tar")
        return ClientBundleScript(bundle, at: endpoint, servername: "builder.example.com").text
    }

    /// Unpacks a bundle into a folder, and runs its script there the given number of times.
    /// - Returns: buildx's record of the builder.
    private func register(
        in folder: String, root: String, times: Int, from start: String? = nil,
        _ environment: [String: String] = [:]
    ) async throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            try Data("x".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        try Data(script().utf8).write(to: URL(filePath: "\(folder)/create-builder.sh"))
        let configuration = "\(root)/docker"
        try FileManager.default.createDirectory(atPath: configuration, withIntermediateDirectories: true)
        var docker = try Docker.configured(in: configuration)
        let programs = docker.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        docker.environment["PATH"] = "\(programs):/usr/bin:/bin"
        docker.environment.merge(environment.mapValues { $0 }) { $1 }
        for _ in 0..<times {
            try await Program("/bin/sh", environment: docker.environment).require(
                "-c", #"cd -- "$1" && exec sh "$2""#, "sh", start ?? root,
                start == nil ? "\(folder)/create-builder.sh" : "ci/create-builder.sh")
        }
        return try String(
            contentsOf: URL(filePath: "\(configuration)/buildx/instances/team"), encoding: .utf8)
    }

    /// buildx's record of a builder.
    private struct Instance: Decodable {
        struct Node: Decodable {
            struct Platform: Decodable { var os, architecture: String }
            enum CodingKeys: String, CodingKey {
                case endpoint = "Endpoint"
                case options = "DriverOpts"
                case platforms = "Platforms"
            }
            var endpoint: String
            var options: [String: String]
            var platforms: [Platform]?
        }
        enum CodingKeys: String, CodingKey { case nodes = "Nodes" }
        var nodes: [Node]
    }

    @Test(arguments: [
        "ci", "it's here, with a comma", #"a "quoted" name"#, "back\\slash", "$(touch PWNED) `id` $HOME",
        "#hash & more",
        "e\u{301},\"\u{301}", "-leading", "naïve 建",
    ])
    func itRegistersTheFilesBesideItHoweverTheFolderIsCalled(_ name: String) async throws {
        try await withTemporaryFolder { root in
            let folder = "\(root)/\(name)"
            let text = try await register(in: folder, root: root, times: 2)
            let nodes = try JSONDecoder().decode(Instance.self, from: Data(text.utf8)).nodes
            #expect(nodes.count == 1, "a second run changes the builder, and adds nothing to it")
            let node = try #require(nodes.first)
            #expect(Array(node.options["cacert", default: ""].utf8) == Array("\(folder)/ca.pem".utf8))
            #expect(Array(node.options["cert", default: ""].utf8) == Array("\(folder)/cert.pem".utf8))
            #expect(Array(node.options["key", default: ""].utf8) == Array("\(folder)/key.pem".utf8))
            #expect(node.options["servername"] == "builder.example.com")
            #expect(node.endpoint == "tcp://10.0.0.1:1234")
            #expect(node.platforms?.map { "\($0.os)/\($0.architecture)" } == ["linux/amd64"])
            #expect(!FileManager.default.fileExists(atPath: "\(root)/PWNED"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/PWNED"))
        }
    }

    @Test func theReceiversCDPATHDoesNotLeadElsewhere() async throws {
        try await withTemporaryFolder { root in
            let other = "\(root)/elsewhere"
            try FileManager.default.createDirectory(atPath: "\(other)/ci", withIntermediateDirectories: true)
            let text = try await register(
                in: "\(root)/here/ci", root: root, times: 1, from: "\(root)/here", ["CDPATH": other])
            #expect(text.contains("\"\(root)/here/ci/ca.pem\""))
        }
    }

    @Test func whatAnAddressHoldsIsNeverRun() async throws {
        let text = script(Endpoint(host: "$(touch PWNED)", port: 1), platforms: ["linux/amd64;id"])
        let outcome = try await Program("/bin/sh").run("-n", "-c", text)
        #expect(outcome.succeeded, "\(outcome.errors)")
        #expect(text.contains("'tcp://$(touch PWNED):1'"))
        #expect(text.contains("'linux/amd64;id'"))
    }
}
