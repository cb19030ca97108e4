import FoundationEssentials
import LabSupport

extension LocalPods {
    /// Brings the proxy its Secret whenever somebody annotates its pod, as a kubelet does, while `body` runs.
    /// - Parameter spoil: changes what arrives there.
    func whileNoticingChanges<Result: Sendable>(
        spoil: @escaping @Sendable (inout [String: Data]) -> Void = { _ in },
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var seen = try await annotations()
            group.addTask {
                while !Task.isCancelled {
                    let now = try await self.annotations()
                    if now != seen { try await self.refresh(spoil: spoil) }
                    seen = now
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}
