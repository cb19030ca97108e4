/// Limits the number of concurrent operations, and admits them in order of arrival.
public actor Turns {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ count: Int) { free = count }

    /// Waits for a turn, and runs `body` in it.
    public nonisolated func take<Result>(for body: () async throws -> Result) async rethrows -> Result {
        await begin()
        defer { Task { await end() } }
        return try await body()
    }

    private func begin() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// The next waiting task gets the turn.
    private func end() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        free += 1
    }
}
