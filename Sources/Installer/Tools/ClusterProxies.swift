/// The running proxies, by context. Each is started by the first query that needs it.
actor ClusterProxies {
    /// Whether the kubeconfig has a login plugin.
    nonisolated let logsIn: Bool
    /// Whether Helm's records are read from the same server.
    nonisolated let holdsReleases: Bool
    private let dependencies: Dependencies
    private let folder: TemporaryDirectory
    /// The timeout for a proxy to be ready, in seconds: usually it takes 0.2.
    private static let patience = 5
    private var starts: [String: Task<HTTPExchange.Server?, Never>] = [:]
    private var current: Task<HTTPExchange.Server?, Never>?
    private var runs: [Task<Void, Never>] = []
    private var known: Task<Result<CommandResult, any Error>, Never>?
    /// Whether a proxy did not start in time, although it only has to read the kubeconfig.
    private var isLate = false
    /// The failure of the first kubectl that had to be stopped.
    private var timeout: InstallerError?
    private var isClosed = false

    init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
        logsIn = LoginPlugin.isUsed(in: dependencies)
        holdsReleases = ReleaseLookup.isPossible(in: dependencies.environment)
        folder = TemporaryDirectory(nonce: dependencies.nonce(), environment: dependencies.environment)
    }

    /// The contexts of the kubeconfig in kubectl's output, read once; nil where the read was cancelled with another
    /// query.
    /// - Throws: ``InstallerError`` where kubectl could not be run.
    func contexts() async throws -> CommandResult? {
        if known == nil, let hang { throw hang }
        let runner = dependencies.runner
        let asked =
            known
            ?? Task { () async -> Result<CommandResult, any Error> in
                do { return .success(try await runner.run(Kubectl.contexts)) } catch {
                    return .failure(error)
                }
            }
        known = asked
        switch await asked.valueUnlessCancelled {
        case .success(let result): return result
        case .failure(let failure as InstallerError):
            note(failure)
            throw failure
        case .failure: return nil
        }
    }

    /// Why no further query runs kubectl: neither a proxy nor another kubectl has answered. With a login plugin they
    /// may have waited for the user.
    var hang: InstallerError? { isLate && !logsIn ? timeout : nil }

    func note(_ failure: InstallerError) {
        if failure.code == .toolTimedOut { timeout = timeout ?? failure }
    }

    /// The server for a context; nil where none is available, for example where a policy forbids it.
    func server(of context: String) async -> HTTPExchange.Server? {
        guard await isCurrent(context) else { return await started(for: context).valueUnlessCancelled }
        return await startCurrent().valueUnlessCancelled
    }

    /// Starts the proxy of the current context, which queries will need once its name is known.
    @discardableResult
    func startCurrent() -> Task<HTTPExchange.Server?, Never> {
        let server = current ?? Task { await self.currentServer() }
        current = server
        return server
    }

    /// Whether it is the current context, whose proxy may be on its way.
    private func isCurrent(_ context: String) async -> Bool {
        guard !context.isEmpty else { return true }
        guard current != nil, starts[context] == nil else { return false }
        return await currentName() == context
    }

    /// It starts while kubectl still tells the name of the current context, which saves a third of a short command. Both
    /// have read the same files if these are the same before and after; otherwise the name decides.
    private func currentServer() async -> HTTPExchange.Server? {
        let before = Kubeconfig(in: dependencies)
        if let name = before.currentContext { return await started(for: name).valueUnlessCancelled }
        let early = start(of: "")
        let name = await currentName()
        let server = await early.valueUnlessCancelled
        guard Kubeconfig(in: dependencies) == before else {
            return await started(for: name).valueUnlessCancelled
        }
        starts[name] = early
        return server
    }

    /// The name of the current context; empty where there is none.
    private func currentName() async -> String {
        if let name = Kubeconfig(in: dependencies).currentContext { return name }
        // Without it the queries fail by themselves.
        guard let result = try? await contexts(), let list = try? ContextList(result) else { return "" }
        return list.current
    }

    private func started(for context: String) -> Task<HTTPExchange.Server?, Never> {
        let start = starts[context] ?? start(of: context)
        starts[context] = start
        return start
    }

    private func start(of context: String) -> Task<HTTPExchange.Server?, Never> {
        let socket = "\(folder.path)/\(runs.count)"
        // The system's limit for the path of a socket (sun_path) is 104 bytes on macOS, and 108 on Linux.
        guard !isClosed, socket.utf8.count < 104, (try? makeFolder()) != nil else { return Task { nil } }
        let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
        let command = Kubectl(context: context)("proxy", "--unix-socket=\(socket)", timeout: 24 * 3600)
        let runner = dependencies.runner
        runs.append(
            Task {
                // Where it ends early, queries run without it.
                _ = try? await runner.run(command) { line in
                    if line.text.hasPrefix("Starting to serve") { readiness.yield() }
                }
                readiness.finish()
            })
        return Task { await self.server(at: socket, when: ready) }
    }

    /// Nil where it does not start.
    private func server(at socket: String, when ready: AsyncStream<Void>) async -> HTTPExchange.Server? {
        do {
            return try await limited(to: Self.patience, pausing: dependencies.pause) {
                () async throws -> HTTPExchange.Server? in
                for await _ in ready { return .socket(path: socket) }
                return nil
            }
        } catch {
            if error is TimedOut { isLate = true }
            return nil
        }
    }

    private func makeFolder() throws(InstallerError) {
        if runs.isEmpty { try folder.make() }
    }

    /// Ends them, and waits until they have ended.
    func close() async {
        isClosed = true
        for run in runs { run.cancel() }
        for run in runs { await run.value }
        if !runs.isEmpty { folder.remove() }
    }
}

extension Task where Failure == Never {
    /// The value. A cancelled query must not wait for it: the task ends then, and the other queries run without it.
    fileprivate var valueUnlessCancelled: Success {
        get async {
            await withTaskCancellationHandler {
                await value
            } onCancel: {
                cancel()
            }
        }
    }
}
