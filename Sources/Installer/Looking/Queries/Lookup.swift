import MutualTLS

/// One part of the facts, and what fills it in: a query, or a look at this machine's files.
struct Lookup: Sendable {
    typealias Change = @Sendable (inout Facts) -> Void

    /// Looks, and says how the facts change. It never fails: a failure is a change too.
    let find: @Sendable (World) async -> Change

    /// - Parameter look: throws ``Failure``, or `CancellationError` where nobody waits for it any more.
    init<Value>(
        _ part: WritableKeyPath<Facts, Fact<Value>> & Sendable,
        look: @escaping @Sendable (World) async throws -> Value
    ) {
        find = { world in
            let fact: Fact<Value>
            do { fact = .known(try await look(world)) } catch {
                fact = .unknown(Self.failure(error))
            }
            return { $0[keyPath: part] = fact }
        }
    }

    private static func failure(_ error: any Error) -> Failure {
        if let error = error as? CredentialsError { return Failure(error) }
        return error as? Failure ?? Failure("It was not looked up")
    }

    init<Value>(_ part: WritableKeyPath<Facts, Fact<Value>> & Sendable, _ query: Query<Value>) {
        self.init(part) { world in try await query.value(from: world.runner) }
    }
}
