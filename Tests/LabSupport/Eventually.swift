/// Waits until a condition holds.
///
/// - Throws: `LabFailure` when it does not in time. The time is generous: it bounds a broken test, and no test is
///   about how fast the machine is.
public func eventually(
    _ expectation: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            throw LabFailure("Waited \(limit) in vain until \(expectation).")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
