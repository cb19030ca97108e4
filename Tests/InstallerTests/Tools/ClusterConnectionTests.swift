@testable import Installer
import Testing

/// A kubectl that never answers is given up after one timeout: those of the queries do not add up.
@Suite struct ClusterConnectionTests {
    /// Every kubectl is stopped at once, as after its timeout. A proxy does not start, or ends.
    private final class Hanging: CommandRunner {
        let commands = Collector<String>()
        let proxyHangs: Bool

        init(proxyHangs: Bool) { self.proxyHangs = proxyHangs }

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            try Task.checkCancellation()
            guard command.tool == .kubectl else {
                return CommandResult(status: 1, errors: "Error: release: not found\n")
            }
            guard command.arguments.first != "proxy" else {
                if proxyHangs { try await sleepUntilCancelled() }
                return CommandResult(status: 1)
            }
            commands.add(command.arguments.first ?? "")
            throw InstallerError(
                "kubectl took longer than \(command.timeout) seconds and was stopped", code: .toolTimedOut)
        }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// No time passes: a proxy that hangs is late at once, and another one never.
    private func dependencies(_ runner: Hanging, kubeconfig: String = "") throws -> Dependencies {
        try folder.write(kubeconfig, to: "config")
        var dependencies = Dependencies(
            runner: runner, environment: ["KUBECONFIG": "\(folder.path)/config", "TMPDIR": "/tmp"],
            home: folder.path, pause: { _ in if !runner.proxyHangs { try await sleepUntilCancelled() } })
        dependencies.sharesConnections = true
        return dependencies
    }

    private var named: Answers {
        var answers = Answers()
        answers.context = "production"
        return answers
    }

    private var look: Command { Query<Facts.NamespaceState>.namespace(named.installation).commands[0] }

    @Test func theLeaseAloneIsAwaited() async throws {
        let runner = Hanging(proxyHangs: true)
        try await ClusterConnection.sharing(dependencies(runner)) { shared in
            let collector = FactCollector(
                dependencies: shared, answers: named, including: [.tools, .activity])
            let lease = ClusterLease(await collector.installation(), in: shared)
            guard case .unreachable = try await lease.acquire() else {
                Issue.record("It was reached.")
                return
            }
            let facts = await collector.complete()
            #expect(facts.server.failure?.code == .toolTimedOut)
            #expect(facts.contexts.failure?.code == .toolTimedOut)
            #expect(!Checks.install.results(facts, named).allowPlan)
            await lease.release()
        }
        #expect(runner.commands.all == ["create"])
    }

    /// What has started may have to be undone.
    @Test func stepsAndChangesAreNotGivenUp() async throws {
        let runner = Hanging(proxyHangs: true)
        let change = named.installation.kubectl("delete", "pod", "a")
        await ClusterConnection.sharing(try dependencies(runner)) { shared in
            let step = shared.marked(as: named.installation).runner
            for _ in 1...2 {
                await #expect(throws: InstallerError.self) { try await shared.runner.run(look) }
            }
            #expect(runner.commands.all == ["get"])
            await #expect(throws: InstallerError.self) { try await shared.runner.run(change) }
            await #expect(throws: InstallerError.self) { try await step.run(look) }
            #expect(runner.commands.all == ["get", "delete", "get"])
        }
    }

    /// The proxy may be forbidden, and a login may wait for the user: each query then has its own time.
    @Test(arguments: [("", false), ("users: [{user: {exec: {command: login}}}]", true)])
    func whatMayHaveAnotherReasonIsNotTakenForAHang(_ kubeconfig: String, _ proxyHangs: Bool) async throws {
        let runner = Hanging(proxyHangs: proxyHangs)
        await ClusterConnection.sharing(try dependencies(runner, kubeconfig: kubeconfig)) { shared in
            for _ in 1...2 {
                await #expect(throws: InstallerError.self) { try await shared.runner.run(look) }
            }
        }
        #expect(runner.commands.all == ["get", "get"])
    }
}
