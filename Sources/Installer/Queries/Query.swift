/// How one fact is read: the commands, run concurrently, and the interpretation of their output.
struct Query<Value: Sendable>: Sendable {
    /// The interpretation of the output: the value, or a further query.
    enum Answer: Sendable {
        case found(Value)
        case ask(Query)
    }

    let commands: [Command]
    /// Pure: the same output always gives the same answer. The results are in the order of the commands.
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

    /// A query whose answer follows from the value of this one.
    func then<Next: Sendable>(
        _ next: @escaping @Sendable (Value) throws(InstallerError) -> Query<Next>.Answer
    ) -> Query<Next> {
        Query<Next>(commands) { results throws(InstallerError) in
            switch try read(results) {
            case .found(let value): return try next(value)
            case .ask(let query): return .ask(query.then(next))
            }
        }
    }

    /// - Throws: ``InstallerError`` where a tool cannot be run or reports a failure; `CancellationError`.
    func value(from runner: any CommandRunner) async throws -> Value {
        switch try read(await runner.results(of: commands)) {
        case .found(let value): value
        case .ask(let next): try await next.value(from: runner)
        }
    }
}

extension CommandRunner {
    /// Runs commands concurrently; the results are in their order.
    fileprivate func results(of commands: [Command]) async throws -> [CommandResult] {
        try await concurrently(commands) { try await run($0) }
    }
}

/// One part of the facts, and its source: a query, or files of this machine.
struct FactSource: Sendable {
    typealias Change = @Sendable (inout Facts) -> Void

    /// Reads the part, and returns the change of the facts. It never fails: a failure is a change too.
    let find: @Sendable (Dependencies) async -> Change
    /// Whether it was read and is unavailable.
    let isMissing: @Sendable (Facts) -> Bool

    /// - Parameter look: throws ``InstallerError``, or `CancellationError` where the fact is no longer awaited.
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

    /// - Parameter adjust: further changes that follow from the value.
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

/// Objects of one kind, in the format of `kubectl get --output json`.
struct KubernetesList<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]
}

extension CommandResult {
    /// The objects of a list. kubectl prints one even where there are none, so an empty output says nothing about them.
    func items<Item: Decodable & Sendable>(else sentence: String) throws(InstallerError) -> [Item] {
        let list: KubernetesList<Item>? = try json(else: sentence)
        guard let list else {
            throw InstallerError(sentence, detail: "kubectl printed nothing.", code: .toolOutputUnknown)
        }
        return list.items
    }
}

/// The metadata of every Kubernetes object.
struct KubernetesMetadata: Decodable, Sendable {
    var name: String
    var labels: [String: String]?
    var annotations: [String: String]?
    var creationTimestamp: String?
    var deletionTimestamp: String?
    var finalizers: [String]?

    /// Nil for an object that is not being deleted.
    var deletion: PendingDeletion? {
        deletionTimestamp.map { _ in PendingDeletion(finalizers: finalizers ?? []) }
    }
}
