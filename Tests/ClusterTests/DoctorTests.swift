import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The doctor's report on real objects. No process listens behind them: that is the failure in all of these tests.
@Suite struct DoctorTests {
    @Test func whereNothingIsInstalledThatIsNamed() async throws {
        try await Installation.begin { installation in
            let broken = try await installation.broken()
            #expect(broken == ["files", "builder", "release"])
        }
    }

    @Test func theClusterIsNotTakenForWhatIsBrokenBeforeIt() async throws {
        try await Installation.begin { installation in
            try await installation.prepare()
            let broken = try await installation.broken()
            #expect(broken == ["tcp"])
        }
    }

    @Test func whoMayNotSeeSecretsIsToldOfTheRest() async throws {
        try await Installation.begin { installation in
            try await installation.prepare()
            let kubeconfig = try await installation.cluster.user(who: ["view"], folder: installation.folder)
            let layers = try await installation.layers(kubeconfig: kubeconfig)
            #expect(layers.verdict("tcp") == "broken")
            #expect(layers.verdict("release") == "skipped")
            #expect(layers.verdict("secrets") == "skipped")
            #expect(layers.verdict("pods") == "ok")
            #expect(layers.filter { $0["verdict"] == "broken" }.count == 1)
        }
    }

    @Test func whoMayNothingIsToldSo() async throws {
        try await Installation.begin { installation in
            try await installation.prepare()
            let kubeconfig = try await installation.cluster.user(who: [], folder: installation.folder)
            let layers = try await installation.layers(kubeconfig: kubeconfig)
            #expect(layers.verdict("cluster") == "warning")
            #expect(layers.filter { $0["verdict"] == "broken" }.compactMap { $0["id"]?.string } == ["tcp"])
        }
    }

    @Test func whereTheServerIsStoppedTheWayIsLookedAt() async throws {
        try await Installation.begin { installation in
            try await installation.prepare()
            let kubeconfig = "\(installation.folder)/stopped"
            try FileManager.default.copyItem(atPath: installation.cluster.kubeconfig, toPath: kubeconfig)
            let config = try Program(.kubectl, environment: ["KUBECONFIG": kubeconfig])
            let cluster = try await config.require("config", "view", "-o", "jsonpath={.clusters[0].name}")
            try await config.require(
                "config", "set-cluster", cluster, "--server", "https://127.0.0.1:\(freePort())")
            let layers = try await installation.layers(kubeconfig: kubeconfig)
            #expect(layers.verdict("cluster") == "warning")
            #expect(layers.verdict("pods") == "skipped")
            #expect(layers.filter { $0["verdict"] == "broken" }.compactMap { $0["id"]?.string } == ["tcp"])
        }
    }
}

extension Installation {
    /// Installs with an address of this machine at which no process listens.
    fileprivate func prepare() async throws {
        let outcome = try await install(
            "--exposure", "load-balancer", "--port", "\(freePort())", "--sans", "builder.test")
        #expect(outcome.succeeded, "\(outcome)")
    }

    fileprivate func broken() async throws -> [String] {
        try await layers().filter { $0["verdict"] == "broken" }.compactMap { $0["id"]?.string }
    }

    fileprivate func layers(kubeconfig: String? = nil) async throws -> [JSONValue] {
        var installer = laptop.installer
        if let kubeconfig { installer.environment["KUBECONFIG"] = kubeconfig }
        let outcome = try await installer.run("doctor", "--namespace", namespace, "--output", "json")
        #expect(outcome.status == 1, "\(outcome)")
        return try outcome.reports().first?["checks"]?.array ?? []
    }
}

extension [JSONValue] {
    fileprivate func verdict(_ layer: String) -> String? {
        first { $0["id"]?.string == layer }?["verdict"]?.string
    }
}
