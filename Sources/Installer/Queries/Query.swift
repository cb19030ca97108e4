/// How one fact is found: the commands that it takes, all at once, and what their output comes to.
struct Query<Value: Sendable>: Sendable {
    /// What the commands' output comes to: the value, or something more to ask.
    enum Answer: Sendable {
        case found(Value)
        case ask(Query)
    }

    let commands: [Command]
    /// Pure: the same output always comes to the same answer. The results are in the order of the commands.
    let read: @Sendable ([CommandResult]) throws(InstallerError) -> Answer

    init(
        _ commands: [Command],
        answer read: @escaping @Sendable ([CommandResult]) throws(InstallerError) -> Answer
    ) {
        self.commands = commands
        self.read = read
    }

    init(_ command: Command, read: @escaping @Sendable (CommandResult) throws(InstallerError) -> Value) {
        self.init([command]) { results throws(InstallerError) in .found(try read(results[0])) }
    }

    /// - Throws: ``InstallerError`` where a tool cannot be run or its output says no; `CancellationError`.
    func value(from runner: any CommandRunner) async throws -> Value {
        switch try read(await runner.results(of: commands)) {
        case .found(let value): value
        case .ask(let next): try await next.value(from: runner)
        }
    }
}

extension CommandRunner {
    /// Runs commands beside each other; the results are in their order.
    fileprivate func results(of commands: [Command]) async throws -> [CommandResult] {
        try await withThrowingTaskGroup(of: (Int, CommandResult).self) { group in
            for (index, command) in commands.enumerated() {
                group.addTask { (index, try await run(command)) }
            }
            var results = [CommandResult](repeating: CommandResult(), count: commands.count)
            for try await (index, result) in group { results[index] = result }
            return results
        }
    }
}

/// One part of the facts, and what fills it in: a query, or a look at this machine's files.
struct FactSource: Sendable {
    typealias Change = @Sendable (inout Facts) -> Void

    /// Looks, and says how the facts change. It never fails: a failure is a change too.
    let find: @Sendable (Dependencies) async -> Change
    /// Whether it was looked for and is not to be had.
    let isMissing: @Sendable (Facts) -> Bool

    /// - Parameter look: throws ``InstallerError``, or `CancellationError` where nobody waits for it any more.
    init<Value>(
        _ part: WritableKeyPath<Facts, Fact<Value>> & Sendable,
        look: @escaping @Sendable (Dependencies) async throws -> Value
    ) {
        isMissing = { $0[keyPath: part].failure != nil }
        find = { dependencies in
            let fact = await Fact { try await look(dependencies) }
            return { $0[keyPath: part] = fact }
        }
    }

    /// - Parameter adjust: what else follows from what was found.
    init<Value>(
        _ part: WritableKeyPath<Facts, Fact<Value>> & Sendable, _ query: Query<Value>,
        adjust: @escaping Change
    ) {
        let plain = FactSource(part, query)
        isMissing = plain.isMissing
        find = { dependencies in
            let change = await plain.find(dependencies)
            return {
                change(&$0)
                adjust(&$0)
            }
        }
    }

    init<Value>(_ part: WritableKeyPath<Facts, Fact<Value>> & Sendable, _ query: Query<Value>) {
        self.init(part) { dependencies in try await query.value(from: dependencies.runner) }
    }
}

/// Objects of one kind, as `kubectl get --output json` prints them.
struct KubernetesList<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]
}

/// What every object of Kubernetes has.
struct KubernetesMetadata: Decodable, Sendable {
    var name: String
    var labels: [String: String]?
    var annotations: [String: String]?
    var deletionTimestamp: String?
}
