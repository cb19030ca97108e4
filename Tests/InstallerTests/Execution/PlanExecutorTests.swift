@testable import Installer
import MutualTLS
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ExecutorTests {
    /// Three steps, each of which creates a Secret.
    private let plan = Plan.test(["one", "two", "three"].map(Step.making))

    @Test func aPlanThatGoesWellIsDoneInOrder() async {
        let runner = ReplayRunner(
            [.created("1"), .created("2"), .created("3")].map { .init(Recorded.create, $0) })
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.story == [
                "began", "started one", "finished one", "started two", "finished two", "started three",
                "finished three", "ended",
            ])
    }

    @Test func whatWasAnsweredIsKeptOnceItIsDone() async throws {
        let folder = try TemporaryFolder()
        // Of a context that is unknown, nothing is recalled.
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        var plan = Plan(
            title: "Test", installation: installation,
            steps: [
                Step(id: "one", title: "One", action: .run(command: Command(.docker, ["create"])))
            ])
        plan.answers = ["builder": "shared"]
        let runner = ReplayRunner(["docker create": .init(status: 1)])
        _ = await rehearse(plan, in: .test(runner, home: folder.path))
        #expect(await recall(installation, in: folder).isEmpty)
        let again = ReplayRunner(["docker create": .init()])
        _ = await rehearse(plan, in: .test(again, home: folder.path))
        #expect(await recall(installation, in: folder) == ["builder": "shared"])
    }

    @Test func aStepThatKubectlIsTooOldForSaysSo() async {
        let runner = ReplayRunner([
            "kubectl label a": .init(status: 1, errors: "error: unknown flag: --field-manager"),
            "kubectl version --client --output json": .init(
                output: #"{"clientVersion": {"gitVersion": "v1.10.0"}}"#),
        ])
        let step = Step(
            id: "one", title: "One", action: .run(command: Command(.kubectl, ["label", "a"])))
        let rehearsal = await rehearse(Plan.test([step]), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run.failure?.message == "kubectl is 1.10.0; 1.22 or later is required")
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

    @Test func aStepThatFailedHasMadeNothingAndThoseBeforeItAreTakenBack() async {
        let runner = ReplayRunner(
            [
                .init(Recorded.create, .created("1")),
                .init(Recorded.create, .init(status: 1, errors: "timed out")), .init(Recorded.get("two")),
            ] + Recorded.takingBack("one", "1"))
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.story == [
                "began", "started one", "finished one", "started two", "failed two", "undoing one",
                "undone one", "ended",
            ])
        #expect(rehearsal.run.failure?.message == "kubectl exited with status 1")
        #expect(rehearsal.run.failure?.detail == "timed out")
        #expect(rehearsal.run.stoppedAt == "two")
        #expect(!rehearsal.run.wasInterrupted)
        #expect(rehearsal.run["three"].status == .waiting)
    }

    @Test func aStepThatFailedThoughItHasMadeSomethingIsTakenBackToo() async throws {
        let made = ReplayRunner(
            [
                .init(Recorded.create, .init(status: 1, errors: "EOF")),
                .init(Recorded.get("one"), .object("1", run: "nonce-1")),
            ] + Recorded.takingBack("one", "1"))
        let rehearsal = await rehearse(plan, in: .test(made))
        #expect(made.unplayed.isEmpty)
        #expect(rehearsal.run["one"].status == .undone)
        let theirs = ReplayRunner([
            .init(
                Recorded.create, .init(status: 1, errors: "Error from server (AlreadyExists): secrets exist")),
            .init(Recorded.get("one"), .object("1", run: "another")),
        ])
        let refused = await rehearse(plan, in: .test(theirs))
        #expect(theirs.unplayed.isEmpty)
        #expect(refused.story.suffix(2) == ["failed one", "ended"])
        #expect(
            refused.run.failure?.message
                == "The secret one was created by another process and was left unchanged")
    }

    @Test func onlyTheVeryObjectThatWasMadeIsDeleted() async {
        let runner = ReplayRunner([
            .init(Recorded.create, .created("1")), .init(Recorded.create, .created("2")),
            .init(Recorded.create, .init(status: 1)), .init(Recorded.get("three")),
            // Another process has changed the one, and created the other again.
            .init(Recorded.get("two"), .object("2", label: "somebody")),
            .init(Recorded.get("one"), .object("9")), .init(Recorded.get("one"), .object("9")),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["two"].status == .undoFailed)
        #expect(
            rehearsal.run.undoFailures == [
                UndoFailure(
                    step: "two",
                    failure: InstallerError(
                        "The secret two was kept: it was changed by another process",
                        hint: "Check it: kubectl describe secret two --namespace team", code: .objectKept))
            ])
        #expect(rehearsal.run["one"].status == .undone)
    }

    @Test func theServerItselfIsToldWhichObjectIsMeant() async {
        let runner = ReplayRunner(
            [
                .init(Recorded.create, .created("1")), .init(Recorded.create, .init(status: 1)),
                .init(Recorded.get("two")),
            ] + Recorded.takingBack("one", "1"))
        _ = await rehearse(plan, in: .test(runner))
        let deletion = runner.played.first { $0.arguments.first == "delete" }
        #expect(
            deletion?.input == #"{"apiVersion":"v1","kind":"DeleteOptions","preconditions":"#
                + #"{"resourceVersion":"7","uid":"1"},"propagationPolicy":"Background"}"#)
    }

    @Test func whatIsToBeKeptOnFailureIsNotUndone() async {
        let runner = ReplayRunner([
            .init(Recorded.create, .created("1")), .init(Recorded.create, .init(status: 1)),
            .init(Recorded.get("two")),
        ])
        let rehearsal = await rehearse(plan, in: .test(runner), keepOnFailure: true)
        #expect(rehearsal.story.suffix(2) == ["failed two", "ended"])
        #expect(rehearsal.run["one"].status == .done)
    }

    @Test func whatCannotBeUndoneIsReportedAndTheRestGoesOn() async {
        let runner = ReplayRunner(
            [
                .init(Recorded.create, .created("1")), .init(Recorded.create, .created("2")),
                .init(Recorded.create, .init(status: 1)), .init(Recorded.get("three")),
                .init(Recorded.get("two"), .init(status: 2, errors: "no")),
            ] + Recorded.takingBack("one", "1"))
        let rehearsal = await rehearse(plan, in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run["two"].status == .undoFailed)
        #expect(rehearsal.run["one"].status == .undone)
        #expect(rehearsal.run.undoFailures.map(\.failure.detail) == ["no"])
    }

    @Test func eachPartOfAStepThatCannotBeUndoneIsReported() async {
        var step = Step.making("one")
        step.undo.append(.restart(installation: Plan.installation, deployment: "buildkit-builder"))
        let runner = ReplayRunner([
            .init(Recorded.create, .created("1")), .init(Recorded.create, .init(status: 1)),
            .init(Recorded.get("two")), .init(Recorded.get("one"), .init(status: 2, errors: "no")),
            .init(
                "kubectl rollout restart deployment/buildkit-builder --namespace team",
                .init(status: 1, errors: "not now")),
        ])
        let rehearsal = await rehearse(.test([step, .making("two")]), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(rehearsal.run.undoFailures.map(\.step) == ["one", "one"])
        #expect(rehearsal.run.undoFailures.map(\.failure.detail) == ["no", "not now"])
        #expect(rehearsal.run["one"].status == .undoFailed)
        #expect(rehearsal.story.suffix(4) == ["undoing one", "not undone one", "not undone one", "ended"])
    }

    @Test func keysStayWhereWhatNeedsThemCouldNotBeTakenBack() async throws {
        let folder = try TemporaryFolder()
        let certs = "\(folder.path)/certs"
        let steps = [
            Step(
                id: "certificates", title: "Issue",
                action: .issueCertificates(
                    order: CertificateOrder(names: [try SubjectName("localhost")], client: "admin"),
                    folder: certs, registry: nil),
                undo: [.takeBack]), .making("one"), .making("two"),
        ]
        for isGone in [true, false] {
            let removal =
                isGone
                ? Recorded.takingBack("one", "1")
                : [.init(Recorded.get("one"), .init(status: 1, errors: "the server is away"))]
            let runner = ReplayRunner(
                [
                    .init(Recorded.create, .created("1")), .init(Recorded.create, .init(status: 1)),
                    .init(Recorded.get("two")),
                ] + removal)
            let rehearsal = await rehearse(.test(steps), in: .test(runner, home: folder.path))
            #expect(runner.unplayed.isEmpty)
            #expect(rehearsal.run["certificates"].status == (isGone ? .undone : .undoFailed))
            #expect(
                rehearsal.run.undoFailures.map(\.failure.code)
                    == (isGone ? [] : [ErrorCode.toolFailed, .keysKept]))
            #expect(folder.holds("certs/authority/key.pem") == !isGone)
            #expect(folder.holds("certs") == !isGone)
        }
    }

    @Test func whatWasMadeStandsInTheJournal() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/state/journal.jsonl"
        let runner = ReplayRunner([
            .init(Recorded.create, .created("1")), .init(Recorded.create, goesOn: true),
        ])
        do {
            let journal = try Journal(at: path)
            let task = Task { [plan] in
                await PlanExecutor(.test(runner)).execute(plan, interruptionPolicy: { .keep }) {
                    journal.record($0)
                }
            }
            await eventually { runner.played.count == 2 }
            task.cancel()
            _ = await task.value
        }
        let run = try #require(Journal.interruptedRun(at: path)?.run)
        let reference = ObjectReference(.secret, "one", namespace: "team", context: "")
        #expect(run["one"].receipts == [.created(object: CreatedObject(reference, uid: "1"))])
        #expect(run["two"].receipts.isEmpty)
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
        let runner = ReplayRunner(
            [
                .init(Recorded.create, .created("1")),
                .init("helm lint", .init(output: "busy\n"), goesOn: true),
            ] + (interruptionPolicy == .undo ? Recorded.takingBack("one", "1") : []))
        let asked = Collector<Bool>()
        let busy = Collector<Bool>()
        let plan = Plan.test([
            .making("one"), Step(id: "two", title: "Two", action: .run(command: Command(.helm, ["lint"]))),
        ])
        let task = Task {
            await rehearse(
                plan, in: .test(runner),
                interruptionPolicy: {
                    asked.add(Task.isCancelled)
                    return interruptionPolicy
                }, onEvent: { if case .printed("two", _) = $0 { busy.add(true) } })
        }
        await eventually { !busy.all.isEmpty }
        task.cancel()
        let rehearsal = await task.value
        #expect(asked.all == [false])
        #expect(rehearsal.run.wasInterrupted)
        #expect(rehearsal.run.stoppedAt == "two")
        #expect(rehearsal.run.failure == nil)
        #expect(rehearsal.run.endedAt != nil)
        switch interruptionPolicy {
        case .undo:
            #expect(runner.unplayed.isEmpty)
            #expect(rehearsal.run["two"].status == .interrupted)
            #expect(rehearsal.run["one"].status == .undone)
        case .keep:
            #expect(rehearsal.story.suffix(2) == ["interrupted two", "ended"])
            #expect(rehearsal.run["one"].status == .done)
        }
    }

    /// After a failure it asks only where there is something to roll back.
    @Test(arguments: [InterruptionPolicy.undo, .keep])
    func afterAFailureItAsksWhereSomethingCanBeTakenBack(policy: InterruptionPolicy) async {
        let fails = Step(id: "two", title: "Two", action: .run(command: Command(.helm, ["lint"])))
        for steps in [[Step.making("one"), fails], [fails]] {
            let hasMade = steps.count == 2
            let runner = ReplayRunner(
                (hasMade ? [.init(Recorded.create, .created("1"))] : [])
                    + [.init("helm lint", .init(status: 1))]
                    + (hasMade && policy == .undo ? Recorded.takingBack("one", "1") : []))
            let asked = Collector<Bool>()
            let rehearsal = await rehearse(
                .test(steps), in: .test(runner), asksOnFailure: true,
                interruptionPolicy: {
                    asked.add(true)
                    return policy
                })
            #expect(asked.all.count == (hasMade ? 1 : 0))
            #expect(rehearsal.run.stoppedAt == "two")
            if hasMade { #expect(rehearsal.run["one"].status == (policy == .undo ? .undone : .done)) }
            #expect(runner.unplayed.isEmpty)
        }
    }

    @Test func aRealToolIsStoppedByAnInterruption() async throws {
        let tools = try FakeTools([.helm: "echo $$; exec sleep 600"])
        let processes = Collector<ProcessMark>()
        let plan = Plan.test([
            Step(id: "two", title: "Two", action: .run(command: Command(.helm, ["lint"])))
        ])
        let dependencies = Dependencies.test(tools.runner)
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
        let runner = ReplayRunner(
            [.init(Recorded.create, .created("1"))] + Recorded.takingBack("one", "1"))
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
                "began", "started one", "", "", "finished one", "interrupted two", "undoing one", "",
                "undone one", "ended",
            ])
    }

    @Test func whatAToolSaysIsShownWithoutSecrets() async {
        let key =
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49Aw\n-----END PRIVATE KEY-----"
        let runner = ReplayRunner([
            .init("helm lint", .init(output: key)),
            .init("helm upgrade", .init(status: 1, errors: "wrong: \(key)")),
        ])
        let plan = Plan.test(
            ["lint", "upgrade"].map { word in
                Step(id: word, title: word, action: .run(command: Command(.helm, [word])))
            })
        let rehearsal = await rehearse(plan, in: .test(runner))
        let everything = rehearsal.events.map(\.json).joined()
        #expect(!everything.contains("MIGH"))
        #expect(!everything.contains("AgEG"))
        #expect(rehearsal.run["lint"].lines.map(\.text).contains(Redactor.mark))
    }
}

extension Step {
    /// Creates a Secret of that name, and rolls it back.
    fileprivate static func making(_ name: String) -> Step {
        let reference = ObjectReference(.secret, name, namespace: "team", context: "")
        return Step(
            id: name, title: name,
            action: .create(object: ObjectSpec(reference: reference, manifest: ["kind": "Secret"])),
            undo: [.takeBack])
    }
}

/// The commands for a Secret that is created and rolled back.
private enum Recorded {
    static let create =
        "kubectl create --field-manager buildkit-installer --filename - --output 'jsonpath={.metadata.uid}' --namespace team"
    static func get(_ name: String) -> String {
        "kubectl get secret \(name) --ignore-not-found --output json --namespace team"
    }
    static func takingBack(_ name: String, _ uid: String) -> [ReplayRunner.Recording] {
        [
            .init(get(name), .object(uid)),
            .init("kubectl delete --raw /api/v1/namespaces/team/secrets/\(name) --filename -"),
            .init(get(name)),
        ]
    }
}

extension CommandResult {
    fileprivate static func created(_ uid: String) -> Self { Self(output: uid) }

    fileprivate static func object(
        _ uid: String, run: String = "nonce-1", label: String = "buildkit-installer"
    ) -> Self {
        Self(
            output: """
                {"metadata":{"uid":"\(uid)","resourceVersion":"7","annotations":{"buildkit-installer/run":"\(run)"},
                "labels":{"app.kubernetes.io/managed-by":"\(label)"}}}
                """)
    }
}
