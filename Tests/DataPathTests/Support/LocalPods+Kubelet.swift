import FoundationEssentials
import LabSupport

extension LocalPods {
    /// Brings the proxy its Secret whenever somebody annotates its pod, as a kubelet does, while `body` runs.
    func whileNoticingChanges<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var seen = try await self.annotations()
                while !Task.isCancelled {
                    let now = try await self.annotations()
                    if now != seen { try await self.refresh() }
                    seen = now
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}
