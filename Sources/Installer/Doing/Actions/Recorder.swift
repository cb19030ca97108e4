import FoundationEssentials

/// Folds a run's events and hands them on, one after the other, each with the time it happened.
actor Recorder {
    private(set) var run: Run
    private let world: World
    private let report: @Sendable (RunEvent) async -> Void
    /// The event that is being handed on: the next one waits for it.
    private var last: Task<Void, Never>?

    init(_ plan: Plan, world: World, report: @escaping @Sendable (RunEvent) async -> Void) {
        run = Run(plan)
        self.world = world
        self.report = report
    }

    /// Records what happened just now.
    func note(_ event: @Sendable (Date) -> RunEvent) async {
        let event = event(world.now())
        run.apply(event)
        let before = last
        let report = report
        let task = Task {
            await before?.value
            await report(event)
        }
        last = task
        await task.value
    }
}
