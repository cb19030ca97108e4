import Installer

/// Tells what happens, line by line, to whoever is not looking at the wizard.
protocol Reporter: Sendable {
    func problems(_ problems: [Problem])
    func checks(_ results: [CheckResult])
    func plan(_ plan: Plan)
    func event(_ event: RunEvent, of plan: Plan)
    /// Told after what stands in the way: nothing was begun.
    func refused()
    /// Told where not even a plan could be begun.
    func failed(_ failure: Failure)
    func summary(_ summary: Summary)
    func report(_ report: some Reportable)
}
