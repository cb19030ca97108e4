@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ExecutorTests {
    /// Three steps, of which the second one's tool is `helm`.
    private let plan = Plan.test([
        Step(
            id: "namespace", title: "Create", action: .run(command: Command(.kubectl, ["create"])),
            undo: [.run(command: Command(.kubectl, ["delete"]))]),
        Step(
            id: "release", title: "Install", action: .run(command: Command(.helm, ["upgrade"])),
            undo: [
                .run(command: Command(.helm, ["uninstall"])),
                .run(command: Command(.kubectl, ["delete", "pvc"])),
            ]),
        Step(
            id: "builder", title: "Register", action: .run(command: Command(.docker, ["create"])),
            undo: [.run(command: Command(.docker, ["rm"]))]),
    ])

    @Test func aPlanThatGoesWellIsDoneInOrder() async {
        let runner = ReplayRunner([
            "kubectl create": .init(), "helm upgrade": .init(), "docker create": .init(),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.story == [
                "began", "started namespace", "finished namespace", "started release", "finished release",
                "started builder", "finished builder", "ended",
            ])
    }

    @Test func whatWasAnsweredIsKeptOnceItIsDone() async throws {
        let folder = try TemporaryFolder()
        var plan = Plan.test([
            Step(id: "one", title: "One", action: .run(command: Command(.docker, ["create"])))
        ])
        plan.answers = ["builder": "shared"]
        let runner = ReplayRunner(["docker create": .init(status: 1)])
        _ = await rehearse(plan, in: .test(runner, home: folder.path))
        #expect(await recall(Plan.installation, in: folder).isEmpty)
        let again = ReplayRunner(["docker create": .init()])
        _ = await rehearse(plan, in: .test(again, home: folder.path))
        #expect(await recall(Plan.installation, in: folder) == ["builder": "shared"])
    }

    private func recall(_ installation: InstallationID, in folder: TemporaryFolder) async -> [Field.ID:
        String]
    {
        var answers = Answers()
        (answers.context, answers.namespace, answers.release) = (
            installation.context, installation.namespace, installation.release
        )
        return await Dependencies.test(ReplayRunner([]), home: folder.path).recall(answers)
    }

    @Test func aFailedStepIsUndoneAndSoAreThoseBeforeIt() async {
        let runner = ReplayRunner([
            "kubectl create": .init(), "helm upgrade": .init(status: 1, errors: "timed out"),
            "helm uninstall": .init(), "kubectl delete pvc": .init(), "kubectl delete": .init(),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.story == [
                "began", "started namespace", "finished namespace", "started release", "failed release",
                "undoing release", "undone release", "undoing namespace", "undone namespace", "ended",
            ])
        #expect(rehearsal.run.failure?.message == "helm ended with status 1")
        #expect(rehearsal.run.failure?.detail == "timed out")
        #expect(rehearsal.run.stoppedAt == "release")
        #expect(!rehearsal.run.wasInterrupted)
        #expect(rehearsal.run["builder"].status == .waiting)
    }

    @Test func whatIsToBeKeptOnFailureIsNotUndone() async {
        let runner = ReplayRunner(["kubectl create": .init(), "helm upgrade": .init(status: 1)])
        let rehearsal = await rehearse(plan, in: .test(runner), keepOnFailure: true)
        #expect(rehearsal.story.suffix(2) == ["failed release", "ended"])
        #expect(rehearsal.run["namespace"].status == .done)
    }

    @Test func whatCannotBeUndoneIsReportedAndTheRestGoesOn() async {
        let runner = ReplayRunner([
            "kubectl create": .init(), "helm upgrade": .init(status: 1),
            "helm uninstall": .init(status: 2, errors: "no"),
            "kubectl delete pvc": .init(), "kubectl delete": .init(),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["release"].status == .undoFailed)
        #expect(rehearsal.run["namespace"].status == .undone)
        #expect(rehearsal.run.undoFailures.map(\.detail) == ["no"])
    }

    @Test func aBuilderThatIsGoneAlreadyIsAsGoodAsRemoved() async {
        let runner = ReplayRunner([
            "kubectl create": .init(), "helm upgrade": .init(), "docker create": .init(status: 1),
            "docker rm": .init(status: 1, errors: #"failed to remove x: no builder "x" found"#),
            "helm uninstall": .init(), "kubectl delete pvc": .init(), "kubectl delete": .init(),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(rehearsal.run["builder"].status == .undone)
    }

    @Test func aStepThatLeavesNothingKeepsItsStateWhenOthersAreUndone() async {
        let plan = Plan.test([
            Step(id: "look", title: "Look", action: .run(command: Command(.helm, ["list"])))
        ])
        let runner = ReplayRunner(["helm list": .init(status: 1)])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(rehearsal.story == ["began", "started look", "failed look", "ended"])
    }

    @Test(arguments: [InterruptionPolicy.undo, .keep])
    func anInterruptionStopsTheToolAndAsksWhatBecomesOfTheRest(interruptionPolicy: InterruptionPolicy) async {
        let runner = ReplayRunner([
            .init("kubectl create"), .init("helm upgrade", .init(output: "busy\n"), goesOn: true),
            .init("helm uninstall"), .init("kubectl delete pvc"), .init("kubectl delete"),
        ])
        let asked = Collector<Bool>()
        let busy = Collector<Bool>()
        let plan = plan
        let task = Task {
            await rehearse(
                plan, in: .test(runner),
                interruptionPolicy: {
                    asked.add(Task.isCancelled)
                    return interruptionPolicy
                }, onEvent: { if case .printed = $0 { busy.add(true) } })
        }
        await eventually { !busy.all.isEmpty }
        task.cancel()
        let rehearsal = await task.value
        #expect(asked.all == [false])
        #expect(rehearsal.run.wasInterrupted)
        #expect(rehearsal.run.stoppedAt == "release")
        #expect(rehearsal.run.failure == nil)
        #expect(rehearsal.run.endedAt != nil)
        switch interruptionPolicy {
        case .undo:
            #expect(runner.unplayed.isEmpty)
            #expect(rehearsal.run["release"].status == .undone)
            #expect(rehearsal.run["namespace"].status == .undone)
        case .keep:
            #expect(rehearsal.story.suffix(2) == ["interrupted release", "ended"])
            #expect(rehearsal.run["namespace"].status == .done)
        }
    }

    @Test func aRealToolIsStoppedByAnInterruption() async throws {
        let tools = try FakeTools([.helm: "echo $$; exec sleep 600", .kubectl: "exit 0"])
        let processes = Collector<ProcessMark>()
        let (plan, dependencies) = (plan, Dependencies.test(tools.runner))
        let task = Task {
            await rehearse(plan, in: dependencies, interruptionPolicy: { .keep }) { event in
                if case .printed(_, let line) = event {
                    Int(line.text).map { processes.add(ProcessMark($0)) }
                }
            }
        }
        await eventually { !processes.all.isEmpty }
        task.cancel()
        let rehearsal = await task.value
        #expect(rehearsal.run.wasInterrupted)
        await eventually { !processes.all.contains(where: \.isRunning) }
    }

    @Test func anInterruptionBetweenTwoStepsUndoesOnlyWhatWasBegun() async {
        let runner = ReplayRunner(["kubectl create": .init(), "kubectl delete": .init()])
        let (finished, finishing) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, cancelling) = AsyncStream.makeStream(of: Void.self)
        let (plan, events) = (plan, Collector<RunEvent>())
        let task = Task {
            await PlanExecutor(.test(runner)).execute(plan) { event in
                events.add(event)
                guard case .finished = event else { return }
                finishing.finish()
                for await _ in cancelled {}
            }
        }
        for await _ in finished {}
        task.cancel()
        cancelling.finish()
        let run = await task.value
        #expect(run.wasInterrupted)
        #expect(runner.unplayed.isEmpty)
        #expect(
            events.all.map(\.story) == [
                "began", "started namespace", "finished namespace", "interrupted release",
                "undoing namespace",
                "undone namespace", "ended",
            ])
    }

    @Test func whatAToolSaysIsShownWithoutSecrets() async {
        let key =
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49Aw\n-----END PRIVATE KEY-----"
        let runner = ReplayRunner([
            "kubectl create": .init(output: key), "helm upgrade": .init(status: 1, errors: "wrong: \(key)"),
            "helm uninstall": .init(errors: key), "kubectl delete pvc": .init(), "kubectl delete": .init(),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        let everything = rehearsal.events.map(\.json).joined()
        #expect(!everything.contains("MIGH"))
        #expect(!everything.contains("AgEG"))
        #expect(rehearsal.run["namespace"].lines.map(\.text).contains(Redactor.mark))
    }
}
