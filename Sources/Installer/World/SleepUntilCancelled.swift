/// Waits for nothing but the task's cancellation, which it throws. The clock cannot be told to wait for ever.
func sleepUntilCancelled() async throws -> Never {
    while true { try await Task.sleep(for: .seconds(3600)) }
}
