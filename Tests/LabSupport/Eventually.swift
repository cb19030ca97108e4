/// Waits until a condition holds.
///
/// - Throws: `LabFailure` when it is not met in time. The limit is generous: it only ends a broken test, and no test
///   measures the speed of the machine.
public func eventually(
    _ expectation: String, within limit: Duration = .seconds(300), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            throw LabFailure("Waited \(limit) in vain until \(expectation).")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
