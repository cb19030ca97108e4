/// Runs all concurrently; the results are in the order of the items.
func concurrently<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        for (index, item) in items.enumerated() { group.addTask { (index, try await body(item)) } }
        var results = [Result?](repeating: nil, count: items.count)
        for try await (index, result) in group { results[index] = result }
        return results.compactMap(\.self)
    }
}

/// A timeout of ``limited(to:pausing:_:)``.
struct TimedOut: Error {}

/// Runs the body, and cancels it after that number of seconds. It returns when the body has ended.
/// - Throws: ``TimedOut``, or what the body throws.
func limited<Result: Sendable>(
    to seconds: Int,
    pausing pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { race in
        race.addTask { try await body() }
        race.addTask {
            try await pause(.seconds(seconds))
            return nil
        }
        defer { race.cancelAll() }
        guard let first = try await race.next(), let result = first else { throw TimedOut() }
        return result
    }
}
