/// Lets only so many do something at a time, in the order in which they come.
public actor Turns {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ count: Int) { free = count }

    /// Waits for a turn, and does `body` in it.
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

    /// The next one in the row gets it.
    private func end() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        free += 1
    }
}
