/// Connections to API servers that queries and changes share: one `kubectl proxy` for each context, on a socket that only the
/// user can open. It supports every authentication of kubectl, and a login plugin runs once.
///
/// Ten concurrent kubectl processes take a second on two cores; the same ten requests take 0.2 s, including the start
/// of a proxy. The lookups of Helm use it, too: ``ReleaseLookup``.
/// https://kubernetes.io/docs/reference/kubectl/generated/kubectl_proxy/
public struct ClusterConnection: CommandRunner {
    private let base: any CommandRunner
    private let proxies: ClusterProxies
    /// Whether it runs the tools of steps, which have their whole timeouts.
    private let isOfSteps: Bool

    private init(base: any CommandRunner, proxies: ClusterProxies, isOfSteps: Bool = false) {
        (self.base, self.proxies, self.isOfSteps) = (base, proxies, isOfSteps)
    }

    /// Runs `body` with a runner whose queries share connections. Inside another call, the outer connections are
    /// used.
    public static func sharing<Result: Sendable>(
        _ dependencies: Dependencies, _ body: (Dependencies) async throws -> Result
    ) async rethrows -> Result {
        guard dependencies.sharesConnections, !(dependencies.runner is ClusterConnection) else {
            return try await body(dependencies)
        }
        let proxies = ClusterProxies(dependencies)
        var shared = dependencies
        shared.runner = ClusterConnection(base: dependencies.runner, proxies: proxies)
        do {
            let result = try await body(shared)
            await proxies.close()
            return result
        } catch {
            await proxies.close()
            throw error
        }
    }

    public func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        if let change = ChangeRequest(command), let result = try await make(change, within: command.timeout) {
            for line in result.output.split(separator: "\n") { await eachLine(OutputLine(String(line))) }
            for line in result.errors.split(separator: "\n") {
                await eachLine(OutputLine(String(line), isError: true))
            }
            return result
        }
        if let answer = try await answer(to: command) { return answer }
        guard command.tool == .kubectl, !isOfSteps else {
            return try await base.run(command, eachLine: eachLine)
        }
        // Otherwise the timeouts of all queries would add up.
        if command.isQuery, let failure = await proxies.hang { throw failure }
        do { return try await base.run(command, eachLine: eachLine) } catch let failure as InstallerError {
            await proxies.note(failure)
            throw failure
        }
    }

    /// The programs of steps are marked; proxies need not be, because they end with the connection.
    public func marked(_ variables: [String: String]) -> any CommandRunner {
        ClusterConnection(base: base.marked(variables), proxies: proxies, isOfSteps: true)
    }

    /// Prepares the queries of the current context, whose name is not known yet.
    func prepare() async { await proxies.startCurrent() }

    /// The server that answers a request; nil where none is available.
    func server(of request: APIRequest) async -> HTTPExchange.Server? {
        await proxies.server(of: request.context)
    }

    /// - Returns: nil where kubectl is to be run: it explains failures better.
    private func make(_ change: ChangeRequest, within seconds: Int) async throws -> CommandResult? {
        guard let server = await proxies.server(of: change.context) else { return nil }
        return try await within(seconds) { try await change.answer(from: server) }
    }

    /// - Returns: nil where the tool is to be run: it explains failures better.
    private func answer(to command: Command) async throws -> CommandResult? {
        if command == Kubectl.contexts { return try await proxies.contexts() }
        if let scrape = LocalScrape(command) { return try await scrape.answer() }
        if let request = APIRequest(command), let server = await server(of: request) {
            return try await within(limit(of: command, request.timeout)) {
                try await request.answer(from: server)
            }
        }
        if let lookup = ReleaseLookup(command), proxies.holdsReleases,
            let server = await proxies.server(of: lookup.installation.context)
        {
            return try await within(command.timeout) {
                try lookup.answer(from: await server.body(of: lookup.path))
            }
        }
        return nil
    }

    /// A login plugin needs time first.
    private func limit(of command: Command, _ usual: Int) -> Int { proxies.logsIn ? command.timeout : usual }

    private func within(
        _ seconds: Int, _ ask: @escaping @Sendable () async throws -> CommandResult?
    ) async throws -> CommandResult? {
        do { return try await limited(to: seconds, ask) } catch is TimedOut {
            try Task.checkCancellation()
            return CommandResult(
                status: 1, errors: "Unable to connect to the server: no response within \(seconds) seconds")
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }
}

extension Command {
    /// Whether a kubectl changes nothing.
    fileprivate var isQuery: Bool {
        ["get", "version", "logs", "port-forward"].contains(arguments.first)
            || arguments.contains { $0.hasPrefix("--request-timeout=") }
    }
}

/// A scrape of metrics through a port-forward, which would otherwise need a kubectl process.
private struct LocalScrape {
    let exchange: HTTPExchange
    let timeout: Int

    /// - Returns: nil for any other command.
    init?(_ command: Command) {
        guard
            let port = command.arguments.lazy.compactMap({ $0.split(separator: ":").last.flatMap { Int($0) } }
            ).first,
            command == Kubectl.metrics(at: port)
        else { return nil }
        exchange = HTTPExchange(server: .port(port), path: "/metrics")
        timeout = command.timeout
    }

    /// - Returns: nil where kubectl is to be tried, too.
    func answer() async throws -> CommandResult? {
        let answer = try? await limited(to: timeout) { try await exchange.answer() }
        try Task.checkCancellation()
        return answer.flatMap { $0.status == 200 ? CommandResult(output: $0.body) : nil }
    }
}
