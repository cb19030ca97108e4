import FoundationEssentials
import LabSupport
import Testing

/// An upgrade from an earlier chart with other defaults to this one.
struct ChartUpgradeTests {
    private static let mine = ["--set", "proxy.replicas=2", "--set", "builder.drain=2h"]

    @Test func theUsersValuesAreKeptAndTheDefaultsAreTheNewOnes() async throws {
        try await upgrade(holding: "10m") { helm, values in
            try await helm.require("upgrade", "buildkit", Chart.folder, "--values", "-", input: values)
        }
    }

    /// Helm then treats the defaults of the earlier chart as the user's values.
    @Test func allValuesAreKeptIfAsked() async throws {
        try await upgrade(holding: "5m") { helm, _ in
            try await helm.require("upgrade", "buildkit", Chart.folder, "--reuse-values")
        }
    }

    /// - Parameters:
    ///   - hold: how long the proxy holds requests after the upgrade; only the charts set it.
    ///   - change: performs the upgrade, with the user's former values.
    private func upgrade(
        holding hold: String, _ change: (Program, String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let former = try former(in: folder)
            try await ControlPlane.withNamespace { namespace in
                let (helm, kubectl) = (namespace.helm, namespace.kubectl)
                try await helm.require(["install", "buildkit", former] + Self.mine)
                #expect(try await chart(helm) == "buildkit-0.0.9")
                let claim = try await kubectl.require(Self.claim + ["-n", namespace.name])
                let values = try await helm.require("get", "values", "buildkit", "--output", "json")
                try await change(helm, values)
                #expect(try await chart(helm) == "buildkit-\(version)")
                #expect(
                    try await helm.require("get", "values", "buildkit", "--output", "json") == values)
                #expect(try await kubectl.require(Self.claim + ["-n", namespace.name]) == claim)
                let all = try await helm.require("get", "values", "buildkit", "--all", "--output", "json")
                #expect(all.contains(#""hold":"\#(hold)""#))
                let replicas = try await kubectl.require(
                    "get", "deployment/buildkit-proxy", "-n", namespace.name, "-o",
                    "jsonpath={.spec.replicas}")
                #expect(replicas == "2")
            }
        }
    }

    private static let claim = ["get", "pvc/buildkit-cache", "-o", "jsonpath={.metadata.uid}"]

    private var version: String {
        get throws {
            let line = try Chart.text("Chart.yaml").split(separator: "\n").first { $0.hasPrefix("version: ") }
            return String(try #require(line).dropFirst("version: ".count))
        }
    }

    private func chart(_ helm: Program) async throws -> String {
        struct Listed: Decodable { let chart: String }
        let list = try await helm.require("list", "--output", "json")
        return try #require(try JSONDecoder().decode([Listed].self, from: Data(list.utf8)).first).chart
    }

    /// A copy of this chart that acts as the earlier one.
    private func former(in folder: String) throws -> String {
        let former = "\(folder)/former"
        try FileManager.default.copyItem(atPath: Chart.folder, toPath: former)
        for (file, text, other) in [
            ("Chart.yaml", "version: \(try version)\n", "version: 0.0.9\n"),
            ("values.yaml", "hold: 10m\n", "hold: 5m\n"),
        ] {
            let now = try Chart.text(file)
            #expect(now.contains(text))
            try Data(now.replacing(text, with: other).utf8).write(to: URL(filePath: "\(former)/\(file)"))
        }
        return former
    }
}
