/// Waits until a condition holds, without a clock: what never holds is ended by the test's own time limit.
func eventually(_ condition: @Sendable () throws -> Bool) async rethrows {
    while try !condition() { await Task.yield() }
}
