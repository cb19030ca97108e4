import FoundationEssentials
import LabSupport
import Testing

@testable import Installer

/// Clients are added and removed while others build.
@Suite struct ClientAccessTests {
    @Test func aClientBuildsWithItsBundleAndDoesWhatItsRoleAllows() async throws {
        try await Installation.whileRunning { installation in
            try await installation.pods.whileWatchingForNudges {
                let (laptop, folder) = (installation.laptop, installation.folder)
                let archive = "\(folder)/bob.tar"
                let added = try await installation.client("add", "bob", "--bundle", archive)
                #expect(added.succeeded, "\(added)")
                #expect(added.output.contains("Client bob is added."))
                #expect(added.output.contains("Roles are disabled"))
                #expect(try await Program("stat").require("-c", "%a", archive) == "600\n")

                let bob = try await Receiver(of: archive, client: "bob", in: "\(folder)/1")
                #expect(try await bob.build() == "0\n")
                let keys = try KeyBytes(below: [laptop.home, bob.folder])
                #expect(keys.count > 5)
                #expect(!keys.areIn(added.output + added.errors))

                // Without roles he has full access; the first role does not change the access of the others.
                let prune = ["buildx", "prune", "--builder", Receiver.builder, "--force"]
                try await bob.laptop.docker.require(prune)
                let listed = try await installation.client("add", "bob", "--role", "builder")
                #expect(listed.succeeded, "\(listed)")
                #expect(listed.output.contains("only admin (admin), bob (builder) have access"))
                try await eventually("bob may not prune any more") {
                    try await bob.laptop.docker.run(prune).errors.contains("PermissionDenied")
                }
                #expect(try await bob.build() == "0\n")
                try await laptop.docker.require(prune)

                // Another role, effective for the next request.
                #expect(try await installation.client("add", "bob", "--role", "admin").succeeded)
                try await eventually("bob may prune again") {
                    try await bob.laptop.docker.run(prune).succeeded
                }

                let renewed = try await installation.client("renew", "bob", "--bundle", "\(folder)/bob")
                #expect(renewed.succeeded, "\(renewed)")
                let old = try await serial(in: bob.folder)
                #expect(try await serial(in: "\(folder)/bob") != old)
                // Until it is revoked, the former certificate is accepted.
                #expect(try await bob.build() == "0\n")

                // Both certificates are revoked at once.
                let revoked = try await installation.client("revoke", "bob")
                #expect(revoked.succeeded, "\(revoked)")
                #expect(revoked.output.contains("2 certificates of bob"))
                await #expect(throws: LabFailure.self) { try await bob.build() }
                #expect(try await SampleBuild(in: folder).run(with: laptop.docker) == "0\n")
                #expect(installation.seenClients() == ["admin", "bob"])

                let told = [
                    listed, renewed, revoked,
                    try await installation.client("add", "bob", "--dry-run", "--output", "json"),
                    try await installation.client("add", "bob", "--print-commands", "--bundle", archive),
                    try await installation.client(
                        "add", "bob", "--verbose", "--output", "json", "--bundle", archive),
                    try await installation.client("list", "--output", "json"),
                ]
                for outcome in told {
                    #expect(outcome.succeeded, "\(outcome)")
                    #expect(!keys.areIn(outcome.output + outcome.errors))
                }
                let all = try KeyBytes(below: [laptop.home, bob.folder])
                #expect(!all.areIn(told.map(\.output).joined()))
                #expect(try all.files(below: laptop.home).filter { !$0.hasSuffix("key.pem") } == [])
            }
        }
    }

    @Test func buildsThatRunGoOnWhileAnotherClientIsRevoked() async throws {
        try await Installation.whileRunning { installation in
            try await installation.pods.whileWatchingForNudges {
                let folder = installation.folder
                for name in ["bob", "carol"] {
                    let outcome = try await installation.client(
                        "add", name, "--bundle", "\(folder)/\(name).tar", "--role", "builder")
                    #expect(outcome.succeeded, "\(outcome)")
                }
                let bob = try await Receiver(of: "\(folder)/bob.tar", client: "bob", in: "\(folder)/1")
                let carol = try await Receiver(of: "\(folder)/carol.tar", client: "carol", in: "\(folder)/2")
                let bobs = try await bob.build(lasting: 30) {
                    let carols = try await carol.build(lasting: 30) {
                        let revoked = try await installation.client("revoke", "carol", "--output", "json")
                        #expect(revoked.succeeded, "\(revoked)")
                        await #expect(throws: LabFailure.self) { try await carol.build() }
                    }
                    #expect(carols == "0\n")
                }
                #expect(bobs == "0\n")
            }
        }
    }

    /// Without `--now` the build continues, as the test above shows.
    @Test func nowEndsTheBuildOfARevokedClient() async throws {
        try await Installation.whileRunning { installation in
            let pods = installation.pods
            try await pods.whileWatchingForNudges {
                let archive = "\(installation.folder)/bob.tar"
                #expect(try await installation.client("add", "bob", "--bundle", archive).succeeded)
                let bob = try await Receiver(of: archive, client: "bob", in: "\(installation.folder)/1")
                try await pods.whileFollowingPods {
                    let running = Task { try await bob.build(lasting: 600) }
                    try await eventually("the build of bob runs") {
                        try await pods.activeRequests() > 0
                    }
                    let start = Date()
                    let revoked = try await installation.client("revoke", "bob", "--now")
                    #expect(revoked.succeeded, "\(revoked)")
                    await #expect(throws: LabFailure.self) { try await running.value }
                    print("The build of bob ended within \(Date().timeIntervalSince(start)) s")
                    // Of its ten minutes.
                    #expect(Date().timeIntervalSince(start) < 400)
                    await #expect(throws: LabFailure.self) { try await bob.build() }
                    // All other clients continue to build.
                    let build = try SampleBuild(in: installation.folder)
                    #expect(try await build.run(with: installation.laptop.docker) == "0\n")
                }
            }
        }
    }

    private func serial(in folder: String) async throws -> String {
        try await Program("openssl").require("x509", "-in", "\(folder)/cert.pem", "-noout", "-serial")
    }
}

extension Installation {
    /// Runs one of the client commands, as a script would.
    func client(_ verb: String, _ arguments: String...) async throws -> Outcome {
        try await laptop.installer.run(
            ["client", verb] + arguments + ["--namespace", namespace.name]
                + (verb == "list" ? [] : ["--yes"]))
    }

    /// The clients that the proxy has accepted, from its own log.
    fileprivate func seenClients() -> [String] {
        [String: LastSeen](accessLogs: [pods.log]).keys.sorted()
    }
}
