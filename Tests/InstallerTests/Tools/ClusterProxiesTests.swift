import FoundationEssentials
@testable import Installer
import Synchronization
import Testing

@Suite struct ClusterProxiesTests {
    /// Tells the current context, and serves until it is cancelled.
    private final class Serving: CommandRunner {
        private let state = Mutex<[[String]]>([])
        /// What happens to the kubeconfig while the name of the current context is read.
        let change: @Sendable () throws -> Void

        init(change: @escaping @Sendable () throws -> Void = {}) { self.change = change }

        /// The contexts of the proxies; nil: the current one.
        var contexts: [String?] {
            state.withLock { $0 }.map { arguments in
                arguments.firstIndex(of: "--context").map { arguments[$0 + 1] }
            }
        }

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            guard command.arguments.first == "proxy" else {
                try change()
                return CommandResult(
                    output: #"["production", [{"name": "production"}, {"name": "staging"}]]"#)
            }
            state.withLock { $0.append(command.arguments) }
            await eachLine(OutputLine("Starting to serve on /tmp/socket", isError: false))
            let (never, end) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            end.finish()
            return CommandResult()
        }
    }

    private func proxies(_ runner: Serving, in folder: TemporaryFolder) throws -> ClusterProxies {
        try folder.write("first", to: "config")
        return ClusterProxies(
            Dependencies(
                runner: runner,
                environment: ["KUBECONFIG": "\(folder.path)/config", "TMPDIR": "/tmp"],
                home: folder.path))
    }

    @Test func theCurrentContextHasOneProxyWhoeverNamesIt() async throws {
        let runner = Serving()
        let proxies = try proxies(runner, in: try TemporaryFolder())
        async let unnamed = proxies.server(of: "")
        async let again = proxies.server(of: "")
        async let named = proxies.server(of: "production")
        #expect(await [unnamed, again, named].allSatisfy { $0 != nil })
        #expect(await proxies.server(of: "production") != nil)
        #expect(await proxies.server(of: "staging") != nil)
        await proxies.close()
        // The one that names the context may be asked for before the other.
        #expect(runner.contexts.last == "staging")
        #expect(runner.contexts.count <= 3)
        #expect(runner.contexts.contains(nil))
    }

    /// As for every command that names the installation first.
    @Test func theOneThatWasPreparedServesTheNamedContext() async throws {
        let runner = Serving()
        let proxies = try proxies(runner, in: try TemporaryFolder())
        await proxies.startCurrent()
        #expect(await proxies.server(of: "production") != nil)
        await proxies.close()
        #expect(runner.contexts == [nil])
    }

    @Test func afterAChangeOfTheKubeconfigTheNameDecides() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        let runner = Serving { try Data("second".utf8).write(to: URL(filePath: "\(path)/config")) }
        let proxies = try proxies(runner, in: folder)
        #expect(await proxies.server(of: "") != nil)
        await proxies.close()
        #expect(runner.contexts == [nil, "production"])
    }
}
