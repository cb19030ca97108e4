import FoundationEssentials
import LabSupport
import MutualTLS
import Synchronization
import Testing

/// Certificates are renewed with a real proxy, a real BuildKit and real builds.
@Suite(.serialized) struct RotationUnderBuildsTests {
    @Test func buildsGoOnThroughEveryRotation() async throws {
        try await Installation.whileRunning { installation in
            for name in ["ci", "carol"] {
                try await installation.certificates.issueClient(
                    ClientOrder(name: name), replacing: nil, now: Date())
            }
            let first = try installation.copied("first")
            try await installation.pods.whileWatchingForNudges {
                let watcher = Watcher(installation, folders: [installation.client, "\(first.path)/client"])
                let build = try SampleBuild(in: installation.folder)
                async let steady = build.run(with: installation.laptop.docker, lasting: 60)
                let short = ShortBuilds(installation)
                let counts = try await short.whileBuilding {
                    try await watcher.whileWatching {
                        try await leaves(of: installation, beside: first)
                        try await revocation(at: installation)
                        try await authority(of: installation, beside: first)
                        while try short.count < 200 { try await installation.rotate() }
                    }
                }
                #expect(try await steady == "0\n")
                #expect(counts.nobody == 0, "\(counts)")
                #expect(counts.looks > 20, "\(counts)")
                print("\(counts), \(try short.count) short builds")
            }
        }
    }

    /// New connections get the new certificate, and clients with the former files continue.
    private func leaves(of installation: Installation, beside first: CertificateFolder) async throws {
        let before = try installation.serial()
        try await installation.rotate()
        let after = try installation.serial()
        #expect(after != before)
        for folder in [installation.client, "\(first.path)/client", "\(first.path)/clients/ci"] {
            #expect(await installation.serial(servedTo: folder) == after)
        }
    }

    private func revocation(at installation: Installation) async throws {
        let carol = "\(installation.certificates.path)/clients/carol"
        #expect(await installation.serial(servedTo: carol) != nil)
        let outcome = try await installation.client("revoke", "carol", "--output", "json")
        #expect(outcome.succeeded, "\(outcome)")
        #expect(await installation.serial(servedTo: carol) == nil)
    }

    private func authority(of installation: Installation, beside first: CertificateFolder) async throws {
        let outcome = try await installation.rotate(["--renew", "authority"])
        #expect(outcome.output.contains("drop it: buildkit-installer rotate --context "))
        // A client on another machine, which only has the former CA: by BoringSSL, by Go, and by OpenSSL.
        let ours = "\(installation.certificates.path)/clients/ci"
        for folder in ["\(first.path)/clients/ci", ours, installation.client] {
            #expect(await installation.serial(servedTo: folder) == (try installation.serial()))
            let attempt = ProofAttempt(on: installation.laptop, folder: folder, port: installation.port)
            #expect(await attempt.run().failure == nil)
            try await Program("openssl").require(
                "s_client", "-connect", "127.0.0.1:\(installation.port)", "-servername", Installation.name,
                "-verify_hostname", Installation.name, "-verify_return_error", "-CAfile", "\(folder)/ca.pem",
                "-no-CApath", "-cert", "\(folder)/cert.pem", "-key", "\(folder)/key.pem")
        }
        // It is unknown whether `ci` has its new files.
        let refused = try await installation.laptop.installer.run(installation.rotation(["--finish"]))
        #expect(refused.status == 69)
        #expect(
            (refused.errors + refused.output).contains("The old CA may still be needed: ci"),
            "\(refused)")
        #expect(await installation.serial(servedTo: "\(first.path)/clients/ci") != nil)

        let before = try installation.serial()
        try await installation.rotate(["--finish", "--force"])
        #expect(try installation.serial() != before)
        #expect(await installation.serial(servedTo: installation.client) == (try installation.serial()))
        #expect(await installation.serial(servedTo: ours) != nil)
        #expect(await installation.serial(servedTo: "\(first.path)/clients/ci") == nil)
    }

    /// An interruption at any step leaves a working state, and the next run completes the rotation.
    @Test func whoeverKillsItFindsItGoingOn() async throws {
        try await Installation.whileRunning { installation in
            let first = try installation.copied("first")
            let log = URL(filePath: "\(installation.folder)/log")
            try installation.laptop.printLogs(from: log.path)
            try await installation.pods.whileWatchingForNudges {
                let round = ["renewal", "secret", "uptake", "files"]
                for (flags, steps) in [
                    ([], round), (["--renew", "authority"], round + round.map { "\($0)-2" }),
                ] {
                    for step in steps {
                        let before = try installation.serial()
                        let folders = [installation.client, "\(first.path)/client"]
                        // Recent connections: a former CA that a client may need is kept.
                        try Data(installation.pods.log.utf8).write(to: log)
                        let counts = try await Watcher(installation, folders: folders).whileWatching {
                            try await kill(installation, flags, at: step)
                            try await installation.rotate(flags)
                        }
                        #expect(counts.nobody == 0, "\(step): \(counts)")
                        #expect(try installation.serial() != before, "\(step)")
                        #expect(
                            await installation.serial(servedTo: installation.client)
                                == (try installation.serial()))
                        #expect(
                            !FileManager.default.fileExists(atPath: installation.certificates.renewal.path))
                        #expect(try installation.certificates.keptFormerAuthority() == nil, "\(step)")
                    }
                }
            }
        }
    }

    /// SIGKILL, as soon as it reports that the step has started.
    private func kill(_ installation: Installation, _ flags: [String], at step: String) async throws {
        let command = installation.rotation(flags) + ["--output", "json"]
        try await installation.laptop.installer.whileRunning(
            command, ready: reportedEvent("started", ofStep: step)
        ) { _ in }
    }

    enum Fault: String, CaseIterable { case wrongPair, truncatedFile, garbageAuthority }

    /// The proxy keeps its certificates, the Secret is restored, and the run reports the failure.
    @Test(arguments: Fault.allCases)
    func whatTheProxyCannotUseIsTakenBack(fault: Fault) async throws {
        try await Installation.whileRunning { installation in
            let before = try installation.serial()
            let digests = try installation.files()
            try await installation.pods.whileWatchingForNudges(spoil: { files in fault.spoil(&files) }) {
                let watcher = Watcher(installation, folders: [installation.client])
                let counts = try await watcher.whileWatching {
                    let outcome = try await installation.laptop.installer.run(
                        installation.rotation(fault.flags + ["--timeout", "3"]))
                    #expect(outcome.status == 1)
                    #expect(outcome.errors.contains("has not reloaded the new certificates"), "\(outcome)")
                    #expect(outcome.errors.contains("Changes rolled back."), "\(outcome)")
                }
                #expect(counts.nobody == 0)
            }
            try await eventually("the files from before let their client in") {
                // Also where the CA was invalid: everything is restored with other bytes, so that Envoy reads it
                // again.
                await installation.serial(servedTo: installation.client) == before
            }
            // Revocation lists only grow, also where the change that added to them is rolled back.
            #expect(
                try installation.files().filter { $0.key != .revocations }
                    == digests.filter { $0.key != .revocations })
            // Without the fault the next run succeeds.
            _ = try await installation.pods.whileWatchingForNudges {
                try await installation.rotate(fault.flags)
            }
            #expect(try installation.serial() != before)
        }
    }

    /// BuildKit restarts during a build, and the run ends only when a request has succeeded with the new pair.
    @Test func theInnerHopIsRenewedUnderABuild() async throws {
        try await Installation.whileRunning { installation in
            let before = try installation.serial(of: .innerServerCertificate)
            try await installation.pods.whileWatchingForNudges {
                try await installation.pods.whileFollowingPods {
                    let build = try SampleBuild(in: installation.folder)
                    async let running = build.run(with: installation.laptop.docker, lasting: 20)
                    try await eventually("a build runs") {
                        try await installation.pods.activeRequests() > 0
                    }
                    let outcome = try await installation.rotate(["--renew", "inner"])
                    #expect(outcome.output.contains("the test build succeeded"), "\(outcome)")
                    #expect(try await build.run(with: installation.laptop.docker) == "0\n")
                    #expect(try await running == "0\n")
                }
            }
            #expect(try installation.serial(of: .innerServerCertificate) != before)
        }
    }

    /// Expired certificates, including the CA, can be renewed.
    @Test func whatHasExpiredIsRenewed() async throws {
        try await Installation.whileRunning { installation in
            let order = CertificateOrder(
                names: [try SubjectName(Installation.name)], client: "admin", authorityDays: 20, days: 10)
            for (age, flags) in [(15, []), (30, ["--renew", "authority"])] {
                try await installation.certificates.issue(
                    order, now: Date(timeIntervalSinceNow: Double(-age) * 86_400), replacing: true)
                try await installation.store()
                try await installation.pods.refresh()
                let due = try await installation.laptop.installer.run(
                    "rotate", "--check", "--namespace", installation.namespace.name)
                #expect(due.status == 3)
                #expect(due.output.contains("expired"))
                _ = try await installation.pods.whileWatchingForNudges {
                    try await installation.rotate(flags)
                }
                #expect(
                    await installation.serial(servedTo: installation.client) == (try installation.serial()))
            }
            let due = try await installation.laptop.installer.run(
                "rotate", "--check", "--namespace", installation.namespace.name)
            #expect(due.succeeded, "\(due)")
        }
    }
}

extension RotationUnderBuildsTests.Fault {
    /// The flags for clients of the former CA, which do not depend on the new one.
    fileprivate var flags: [String] { self == .garbageAuthority ? ["--renew", "authority"] : [] }

    fileprivate func spoil(_ files: inout [String: Data]) {
        switch self {
        case .wrongPair: files["server-key.pem"] = files["server-key.pem"].map { Data($0.reversed()) }
        case .truncatedFile: files["server.pem"] = files["server.pem"].map { $0.prefix(200) }
        case .garbageAuthority: files["ca.pem"] = Data("garbage".utf8)
        }
    }
}

/// Sequential builds.
private final class ShortBuilds: Sendable {
    private let installation: Installation
    private let built = Mutex(0)
    private let failure = Mutex<(any Error)?>(nil)
    private let isOver = Mutex(false)

    init(_ installation: Installation) { self.installation = installation }

    /// - Throws: the error of a build.
    var count: Int {
        get throws {
            if let failure = failure.withLock(\.self) { throw failure }
            return built.withLock(\.self)
        }
    }

    func whileBuilding<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // One client builds while the others start and end.
            for _ in 0..<3 {
                group.addTask {
                    do { try await self.build() } catch {
                        self.failure.withLock { $0 = error }
                        throw error
                    }
                }
            }
            let result = try await body()
            isOver.withLock { $0 = true }
            try await group.waitForAll()
            return result
        }
    }

    private func build() async throws {
        let build = try SampleBuild(in: installation.folder)
        while !isOver.withLock(\.self) {
            #expect(try await build.run(with: installation.laptop.docker) == "0\n")
            built.withLock { $0 += 1 }
        }
    }
}

extension Installation {
    /// The contents of all certificates and keys.
    fileprivate func files() throws -> [CertificateFile: [UInt8]] {
        try Dictionary(
            uniqueKeysWithValues: CertificateFile.allCases.filter { certificates.holds([$0]) }.map {
                ($0, try certificates.bytes(of: $0))
            })
    }

    /// Writes the files into the proxy's Secret manually.
    fileprivate func store() async throws {
        let files = [
            "ca.pem": "daemon/ca.pem", "server.pem": "daemon/cert.pem", "server-key.pem": "daemon/key.pem",
            "crl.pem": "authority/crl.pem",
        ]
        let manifest = try await namespace.kubectl.require(
            ["create", "secret", "generic", "buildkit-envoy-certs", "-n", namespace.name]
                + files.map { "--from-file=\($0.key)=\(certificates.path)/\($0.value)" }
                + ["--dry-run=client", "-o", "json"])
        try await namespace.kubectl.require(["replace", "-n", namespace.name, "-f", "-"], input: manifest)
    }
}
