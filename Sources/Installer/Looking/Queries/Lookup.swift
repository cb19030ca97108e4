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
            let fact = await Fact { try await look(world) }
            return { $0[keyPath: part] = fact }
        }
    }

    init<Value>(_ part: WritableKeyPath<Facts, Fact<Value>> & Sendable, _ query: Query<Value>) {
        self.init(part) { world in try await query.value(from: world.runner) }
    }
}
