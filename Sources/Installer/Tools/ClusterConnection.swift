import FoundationEssentials

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
                try lookup.answer(from: await fetch(lookup.path, from: server))
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

extension APIRequest {
    /// The answer in the format of kubectl.
    /// - Throws: where the answer has no equivalent in kubectl's format.
    fileprivate func answer(from server: HTTPExchange.Server) async throws -> CommandResult {
        do { return try await found(on: server) } catch let failure as Unexpected {
            guard let refusal = try await refusal(failure, by: server) else { throw failure }
            return refusal
        }
    }

    /// kubectl names one refusal even where several objects or kinds were asked for; which one is not certain.
    private func refusal(
        _ failure: Unexpected, by server: HTTPExchange.Server
    ) async throws -> CommandResult? {
        switch question {
        case .raw: return failure.refusal
        case .objects(let paths, _, _) where paths.count == 1: return failure.refusal
        case .lists(let lists) where lists.count == 1:
            // A user without rights may not even learn that a kind is absent.
            if let absence = try await lists[0].absence(from: server) { return absence }
            var refusal = failure.refusal
            refusal?.output = #"{"kind": "List", "items": []}"#
            return refusal
        case .version, .objects, .lists, .posts: return nil
        }
    }

    private func found(on server: HTTPExchange.Server) async throws -> CommandResult {
        switch question {
        case .version:
            return CommandResult(output: #"{"serverVersion": \#(try await fetch("/version", from: server))}"#)
        case .raw(let path): return CommandResult(output: try await fetch(path, from: server))
        case .objects(let paths, let isList, let ignoresMissing):
            let found = try await concurrently(paths) {
                try await object(at: $0, from: server, ignoresMissing)
            }
            .compactMap(\.self)
            guard isList else { return CommandResult(output: found.first ?? "") }
            return CommandResult(output: #"{"kind": "List", "items": [\#(found.joined(separator: ","))]}"#)
        case .lists(let lists):
            let items = try await concurrently(lists) { try await $0.items(from: server) }.flatMap(\.self)
            return CommandResult(output: JSONValue.object(["kind": "List", "items": .array(items)]).text)
        case .posts(let posts, let printsObjects):
            var made: [String] = []
            for post in posts {
                let answer = try await HTTPExchange(
                    server: server, path: post.path, method: .post, body: post.body
                ).answer()
                guard answer.status == 201 else { throw Unexpected(answer) }
                made.append(answer.body)
            }
            return CommandResult(output: printsObjects ? made.joined(separator: "\n") : "")
        }
    }

    /// Nil where it does not exist and that is a valid answer.
    private func object(
        at path: String, from server: HTTPExchange.Server, _ ignoresMissing: Bool
    ) async throws -> String? {
        let answer = try await HTTPExchange(server: server, path: path).answer()
        if ignoresMissing, answer.saysNotFound { return nil }
        guard answer.status == 200 else { throw Unexpected(answer) }
        return answer.body
    }
}

extension APIRequest.List {
    /// The number of objects per answer, as in kubectl.
    private static let page = 500

    /// Each with its kind, which the server sends once for all of them.
    fileprivate func items(from server: HTTPExchange.Server) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var start: String?
        repeat {
            let parts = ["limit=\(Self.page)", query, start.map { "continue=\($0)" } ?? ""].filter {
                !$0.isEmpty
            }
            let list = try JSONValue(
                text: await fetch("\(path)?\(parts.joined(separator: "&"))", from: server))
            let kind = list["kind"]?.string?.replacing("List", with: "") ?? ""
            items += (list["items"]?.array ?? []).map { item in
                var members = item.object
                members["kind"] = .string(kind)
                members["apiVersion"] = list["apiVersion"]
                return .object(members)
            }
            // The token consists of letters and digits (base64url).
            start = list["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while start != nil
        return items
    }
}

/// An answer other than the one asked for.
private struct Unexpected: Error {
    let answer: HTTPExchange.Answer

    init(_ answer: HTTPExchange.Answer) { self.answer = answer }

    /// Nil where kubectl must explain the answer.
    var refusal: CommandResult? {
        (try? JSONValue(text: answer.body)).flatMap {
            CommandResult(refusal: $0, for: ["Forbidden", "NotFound"])
        }
    }
}

private func fetch(_ path: String, from server: HTTPExchange.Server) async throws -> String {
    let answer = try await HTTPExchange(server: server, path: path).answer()
    guard answer.status == 200 else { throw Unexpected(answer) }
    return answer.body
}
