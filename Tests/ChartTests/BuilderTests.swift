import FoundationEssentials
import LabSupport
import Testing

/// The configuration files and scripts of BuildKit.
struct BuilderTests {
    private static let everything = [
        "builder.mirrors": "{docker.io: [mirror.gcr.io, mirror.internal], ghcr.io: [mirror.internal]}",
        "builder.registries": "{'registry.internal:5000': {http: true}, ghcr.io: {insecure: true}}",
        "builder.dns.nameservers": "[10.0.0.53]",
        "builder.config": #""[frontend.\"gateway.v0\"]\nallowedRepositories = []""#,
    ]

    @Test(arguments: [
        [:], ["builder.security": "userns"], ["builder.cache.size": "1.5Ti"], everything,
        ["builder.clientCertificates": "false"],
        ["builder.cache.policy": #""[[worker.oci.gcpolicy]]\nall = true""#],
    ])
    func itsConfigurationIsTOML(set: [String: String]) async throws {
        let toml = try await configuration(set)
        // Duplicate tables are rejected, too.
        try await Program("python3").require(
            "-c", "import sys, tomllib; tomllib.load(sys.stdin.buffer)", input: toml)
    }

    @Test func theCleanUpKeepsCacheMountsLongerThanLayers() async throws {
        let toml = try await configuration(["builder.cache.size": "100Gi"])
        let rules = toml.split(separator: "[[worker.oci.gcpolicy]]").dropFirst()
        // When the disk is full: layers, then everything, then internal records. 70 % of 102400 MiB; a tenth stays
        // free.
        let last = rules.suffix(3).map { rule in
            rule.split(separator: "\n").prefix { !$0.hasPrefix("[") }.filter { !$0.hasPrefix("#") }
        }
        let bounds: [Substring] = [#"maxUsedSpace = "71680MB""#, #"minFreeSpace = "10240MB""#]
        #expect(
            last == [[#"filters = ["type!=exec.cachemount"]"#] + bounds, bounds, ["all = true"] + bounds])
    }

    @Test func itEndsWhenNobodyIsConnectedAnyMore() async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            // 1234 in the notation of /proc.
            let portInHexadecimal = String(port, radix: 16, uppercase: true)
            let script = try #require(
                await Chart.render().object("ConfigMap/buildkit-builder").text("/data/drain.sh")
            ).replacing("04D2", with: portInHexadecimal)
            try Data(script.utf8).write(to: URL(filePath: "\(folder)/drain.sh"))
            let python = Program("python3", environment: ["PYTHONUNBUFFERED": "1"])
            let server = ["-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", folder]
            try await python.whileRunning(server, ready: "Serving HTTP") { _ in
                let client = """
                    import socket, time
                    connection = socket.create_connection(("127.0.0.1", \(port)))
                    print("connected")
                    time.sleep(3600)
                    """
                let drain = try await python.whileRunning(["-c", client], ready: "connected") { _ in
                    // By the shell in BuildKit's image.
                    let shell = try Program(.busybox)
                    let traced = "exec 2>\(folder)/trace; set -x; . \(folder)/drain.sh"
                    let drain = Task { try await shell.run("sh", "-c", traced) }
                    try await eventually("it has seen the connection") {
                        try trace(in: folder).contains("1 -eq 0")
                    }
                    return drain
                }
                #expect(try await drain.value.succeeded)
                #expect(try trace(in: folder).contains("0 -eq 0"))
            }
        }
    }

    /// The trace of the shell so far.
    private func trace(in folder: String) throws -> String {
        let path = "\(folder)/trace"
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    private func configuration(_ set: [String: String]) async throws -> String {
        let manifest = try await Chart.render(Release(set: set))
        return try #require(manifest.object("ConfigMap/buildkit-builder").text("/data/buildkitd.toml"))
    }
}
