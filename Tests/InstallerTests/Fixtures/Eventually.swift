import Testing

/// Waits until a condition is met. The limit is generous: it only ends a broken test, and no test measures speed.
func eventually(
    within limit: Duration = .seconds(120), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: @Sendable () throws -> Bool
) async rethrows {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < end else {
            Issue.record("Waited \(limit) in vain.", sourceLocation: sourceLocation)
            return
        }
        await Task.yield()
    }
}
