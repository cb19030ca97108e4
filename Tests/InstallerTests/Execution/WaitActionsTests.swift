import FoundationEssentials
@testable import Installer
import Testing

private func deployment(
    _ part: String = "builder", wanted: Int = 1, all: Int? = nil, updated: Int = 1, available: Int = 1,
    generation: Int = 2, observed: Int = 2
) -> JSONValue {
    let count = { (number: Int) in JSONValue.number(Double(number)) }
    let status: JSONValue = [
        "observedGeneration": count(observed), "replicas": count(all ?? updated),
        "updatedReplicas": count(updated), "availableReplicas": count(available),
    ]
    return JSONValue.deployment(part, replicas: wanted).setting(status, at: ["status"])
        .setting(count(generation), at: ["metadata", "generation"])
}

/// BuildKit's Deployment after it was scaled to zero.
private func scaled(all: Int = 0, observed: Int = 2) -> JSONValue {
    deployment(wanted: 0, all: all, updated: 0, available: 0, observed: observed)
}

/// Objects in the output of kubectl.
private func list(_ objects: [JSONValue]) -> CommandResult {
    CommandResult(output: JSONValue.object(["items": .array(objects)]).text)
}

/// A Deployment and its pods, in the output of kubectl.
private func answer(
    _ pods: [JSONValue], of part: String = "builder", wanted: Int = 1, updated: Int = 1, available: Int = 1,
    generation: Int = 2, observed: Int = 2
) -> CommandResult {
    list(
        [
            deployment(
                part, wanted: wanted, updated: updated, available: available, generation: generation,
                observed: observed)
        ] + pods)
}

private func ready(_ part: String = "builder") -> JSONValue { .pod(part) }
private func ending(_ part: String = "builder") -> JSONValue { JSONValue.pod(part).ending }
private func waiting(_ part: String = "builder") -> JSONValue { .pod(part, waiting: "ImagePullBackOff") }

private func look(_ component: String) -> String {
    "kubectl get deployments.apps,pods --selector app.kubernetes.io/instance=buildkit,"
        + "app.kubernetes.io/component=\(component) --output json --request-timeout=5s --namespace team"
}

private let allObjects =
    "kubectl get \(ReleaseObjects.kinds.joined(separator: ",")) --output json --request-timeout=5s --namespace team"

@Suite struct BuilderWaitTests {
    private func wait(_ scaling: ScaleTarget, timeout: Int, _ results: CommandResult...) async -> RunState {
        await wait(scaling, timeout: timeout, results.map { ReplayRunner.Recording(look("builder"), $0) })
    }

    private func wait(
        _ scaling: ScaleTarget, timeout: Int, _ recordings: [ReplayRunner.Recording]
    ) async -> RunState {
        let runner = ReplayRunner(recordings)
        var dependencies = Dependencies.test(runner)
        dependencies.pause = { [pause = dependencies.pause] duration in
            // BuildKit starts before its queue is counted.
            if duration == DeploymentWaiter.patience {
                let never = AsyncStream<Void> { _ in }
                for await _ in never {}
            }
            try await pause(duration)
        }
        let rehearsal = await rehearse(.test([step(scaling, timeout: timeout)]), in: dependencies)
        #expect(runner.unplayed == [])
        return rehearsal.run
    }

    private func step(_ scaling: ScaleTarget, timeout: Int) -> Step {
        Step(
            id: "wait", title: "Wait",
            action: .awaitBuilder(
                name: "buildkit-builder", installation: Plan.installation, scaling: scaling,
                timeout: timeout))
    }

    @Test func itsQueueIsReportedWhileItStarts() async {
        let runner = ReplayRunner(
            [
                .init(look("builder"), answer([waiting()], available: 0)),
                .init(look("proxy"), list([.deployment("proxy"), .pod("proxy")])),
                .init(
                    "kubectl port-forward pod/buildkit-proxy-1 :metrics --namespace team",
                    CommandResult(output: "Forwarding from 127.0.0.1:40001 -> 9902\n"), goesOn: true),
                .init(
                    "kubectl get --raw /metrics --kubeconfig /dev/null --server http://127.0.0.1:40001 "
                        + "--request-timeout=5s",
                    CommandResult(
                        output:
                            #"envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix="buildkit"} 2"#
                            + "\n")),
                .init(look("builder"), answer([ready()])),
            ], order: .any)
        let (reports, report) = AsyncStream.makeStream(of: Void.self)
        var dependencies = Dependencies.test(runner)
        dependencies.pause = { duration in
            guard duration != DeploymentWaiter.patience else { return }
            // BuildKit becomes ready after it is reported.
            for await _ in reports { break }
        }
        let rehearsal = await rehearse(
            .test([step(.wake, timeout: 600)]), in: dependencies,
            onEvent: { event in
                guard case .printed(_, let line) = event else { return }
                #expect(line.text == "2 queued requests continue when BuildKit is ready")
                report.yield()
            })
        #expect(rehearsal.run.succeeded)
        #expect(runner.unplayed == [])
    }

    @Test func itSleepsOnceNoPodIsLeft() async {
        let asleep = answer([], wanted: 0, updated: 0, available: 0)
        #expect(await wait(.sleep, timeout: 600, answer([ready()]), answer([ending()]), asleep).succeeded)
        let stranger = JSONValue.pod("builder").copied
        #expect(
            await wait(.sleep, timeout: 0, answer([stranger], wanted: 0, updated: 0, available: 0)).succeeded)
    }

    /// Its own status decides: a list without pods may be older, and the controller may not have seen the change.
    @Test func itSleepsOnlyByTheStatusOfItsDeployment() async {
        #expect(
            await wait(
                .sleep, timeout: 600, list([scaled(observed: 1)]), list([scaled(all: 1)]), list([scaled()])
            ).succeeded)
        #expect(
            await wait(.sleep, timeout: 0, list([scaled(observed: 1)])).failure?.message
                == "BuildKit has not terminated within 0 seconds")
        // An evicted pod stays, and runs no more.
        let evicted = ready().setting("Failed", at: ["status", "phase"])
        #expect(await wait(.sleep, timeout: 0, list([scaled(), evicted])).succeeded)
    }

    /// Then its pods are not known to be the release's, and go on.
    @Test func aDeploymentThatHasLostAMarkIsStillWaitedFor() async {
        let unmarked = scaled().setting(.null, at: ["metadata", "labels", "helm.sh/chart"])
        #expect(
            await wait(
                .sleep, timeout: 600, list([unmarked, ready()]), list([unmarked, ending()]), list([unmarked])
            ).succeeded)
    }

    /// It is not in the list by labels, and is read by its name.
    @Test(arguments: [true, false]) func aDeploymentThatIsNotListedIsReadByItsName(exists: Bool) async {
        let byName =
            "kubectl get deployments.apps buildkit-builder --ignore-not-found --output json "
            + "--request-timeout=5s --namespace team"
        let found =
            exists ? [scaled(all: 1), scaled()].map { CommandResult(output: $0.text) } : [CommandResult()]
        let runs = ReplayRunner.Recording(look("builder"), list([ready()]))
        let isGone = ReplayRunner.Recording(look("builder"), list([]))
        let reads = found.flatMap { [isGone, ReplayRunner.Recording(byName, $0)] }
        #expect(await wait(.sleep, timeout: 600, [runs] + reads).succeeded)
    }

    /// kubectl prints a list even where there are none.
    @Test func withoutAListItIsNotKnownToSleep() async {
        let run = await wait(.sleep, timeout: 600, CommandResult())
        #expect(run.failure?.message == "The pods of the release buildkit cannot be listed")
    }

    @Test func aPodThatEndsIsNotAwake() async {
        let scaled = answer([], updated: 0, available: 0)
        #expect(
            await wait(
                .wake, timeout: 600, scaled, answer([ending()]), answer([waiting()], available: 0),
                answer([ready()])
            ).succeeded)
    }

    /// It scales with the pods of its former template.
    @Test func aPausedRolloutWakesWithItsFormerPods() async {
        func paused(_ deployment: JSONValue) -> JSONValue {
            deployment.setting(true, at: ["spec", "paused"])
        }
        let (none, former) = (deployment(all: 0, updated: 0, available: 0), deployment(all: 1, updated: 0))
        #expect(
            await wait(.wake, timeout: 600, list([paused(none)]), list([paused(former), ready()])).succeeded)
        #expect(
            await wait(
                .wake, timeout: 600, list([former, ready()]), list([deployment(), ready()])
            ).succeeded)
    }

    @Test func whatKeepsItIsSaidOnceTheTimeIsUp() async {
        #expect(
            await wait(.sleep, timeout: 0, answer([ending()])).failure?.message
                == "BuildKit has not terminated within 0 seconds")
        let objects = CommandResult(
            output: JSONValue.object([
                "items": [
                    .pod("builder", waiting: "ContainerCreating"), .pod("proxy", waiting: "Unrelated"),
                ]
            ]).text)
        let failure = await wait(
            .wake, timeout: 0,
            [.init(look("builder"), answer([waiting()], available: 0)), .init(allObjects, objects)]
        ).failure
        #expect(failure?.message == "BuildKit is not ready after 0 seconds")
        #expect(failure?.detail == "buildkit-builder-1 is not ready: ContainerCreating: see its log")
    }

    @Test func aPausedRolloutIsNamedOnceTheTimeIsUp() async {
        let paused = deployment(updated: 0, available: 0).setting(true, at: ["spec", "paused"])
        let failure = await wait(
            .wake, timeout: 0,
            [
                .init(look("builder"), list([paused, waiting()])),
                .init(allObjects, list([paused, .pod("builder", waiting: "ContainerCreating")])),
            ]
        ).failure
        #expect(
            failure?.message
                == "BuildKit is not ready after 0 seconds, and the rollout of deployment/buildkit-builder is paused: "
                + "its pods keep their former settings")
        #expect(
            failure?.hint?.hasPrefix(
                "Resume it: kubectl rollout resume deployment/buildkit-builder --namespace team\nDetails: kubectl describe pods "
            )
                == true)
    }
}

/// The waits of a rotation and of a revocation for pods that are replaced.
@Suite struct ReplacedPodsTests {
    private func step(_ component: String, timeout: Int = 600) -> Step {
        Step(
            id: "ready", title: "Wait",
            action: .awaitPods(
                component: component, deployment: "d", installation: Plan.installation, timeout: timeout))
    }

    private func wait(_ component: String, _ results: CommandResult...) async -> RunState {
        let runner = ReplayRunner(results.map { ReplayRunner.Recording(look(component), $0) })
        let rehearsal = await rehearse(.test([step(component)]), in: .test(runner))
        #expect(runner.unplayed == [])
        return rehearsal.run
    }

    @Test func aRestartThatTheControllerHasNotSeenIsWaitedFor() async {
        #expect(
            await wait(
                "builder", answer([ready()], generation: 3, observed: 2),
                answer([ready()], updated: 0, available: 0, generation: 3, observed: 3),
                answer([ending()], updated: 0, available: 0, generation: 3, observed: 3),
                answer([waiting()], available: 0, generation: 3, observed: 3),
                answer([ready()], generation: 3, observed: 3)
            ).succeeded)
    }

    /// The Deployment still counts them for a moment.
    @Test func podsThatWereJustDeletedDoNotCount() async {
        func two(_ pods: JSONValue...) -> CommandResult {
            answer(pods, of: "proxy", wanted: 2, updated: 2, available: 2)
        }
        let (old, new) = (ending("proxy"), ready("proxy"))
        #expect(await wait("proxy", two(old, old), two(old, new), two(new, new)).succeeded)
    }

    /// Only the labels are the same.
    @Test func aStrangersPodIsNotWaitedFor() async {
        #expect(
            await wait(
                "proxy", answer([JSONValue.pod("proxy").copied], of: "proxy"),
                answer([JSONValue.pod("proxy").copied, ready("proxy")], of: "proxy")
            ).succeeded)
    }

    @Test func aSleepingBuilderHasNothingToBeReady() async {
        #expect(await wait("builder", answer([], wanted: 0, updated: 0, available: 0)).succeeded)
    }

    /// A cluster in which the pods of one component cannot start.
    private struct Stuck: CommandRunner {
        let component: String

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            guard command.description == allObjects else {
                return answer([waiting(component)], of: component, available: 0)
            }
            return CommandResult(
                output: JSONValue.object(["items": [.pod(component, waiting: "InvalidImageName")]]).text)
        }
    }

    @Test(arguments: ["builder", "proxy"])
    func whatKeepsThemFromStartingEndsTheWait(_ component: String) async {
        let dependencies = Dependencies.test(Stuck(component: component))
        let run = await rehearse(.test([step(component)]), in: dependencies).run
        #expect(run.failure?.code.rawValue == "InvalidImageName")
        #expect(run.failure?.message.contains(component == "proxy" ? "proxy pods" : "BuildKit pod") == true)
        #expect(dependencies.now().timeIntervalSince(TestClock.start) < 10)
        #expect(run["ready"].pods.map(\.name) == ["buildkit-\(component)-1"])
    }

    /// A cluster whose BuildKit crashes again and again, as a real one recorded it.
    private struct Crashing: CommandRunner {
        let objects: ReleaseObjects
        let log: String

        init(log: String) throws {
            let recorded = try #require(RecordedCause.all.first { $0.code == .crashLoop })
            (objects, self.log) = (try recorded.objects(.late), log)
        }

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            if command.arguments.contains(where: { $0.contains("/log?container=buildkitd&") }) {
                return CommandResult(output: log)
            }
            guard command.description == allObjects else { return answer([waiting()], available: 0) }
            return CommandResult(output: JSONValue.object(["items": .array(objects.items)]).text)
        }
    }

    @Test func whatTheCrashingContainerSaidLastIsQuoted() async throws {
        let runner = try Crashing(log: "starting\nbuildkitd: no space left on device\n")
        let run = await rehearse(.test([step("builder")]), in: .test(runner)).run
        #expect(run.failure?.code.rawValue == "CrashLoop")
        #expect(run.failure?.detail?.contains("buildkitd: no space left on device") == true)
        #expect(run.failure?.hint?.contains("kubectl logs buildkit-builder-") == true)
    }

    /// It crashes until the previous BuildKit has ended.
    @Test func aCacheThatThePreviousBuildKitStillHoldsIsWaitedFor() async throws {
        let words =
            "could not lock /home/user/.local/share/buildkit/buildkitd.lock, another instance running?"
        let dependencies = Dependencies.test(try Crashing(log: words))
        let run = await rehearse(.test([step("builder", timeout: 60)]), in: dependencies).run
        #expect(run.failure?.code.rawValue == "CrashLoop")
        #expect(dependencies.now().timeIntervalSince(TestClock.start) >= 60)
    }

    @Test func whatKeepsTheOtherComponentDoesNotMatter() async {
        let dependencies = Dependencies.test(Stuck(component: "builder"))
        let run = await rehearse(.test([step("proxy", timeout: 30)]), in: dependencies).run
        #expect(run.failure?.message == "The proxy pods are not ready after 30 seconds")
        #expect(run.failure?.code == .podsNotReady)
        #expect(run.failure?.hint?.contains("app.kubernetes.io/component=proxy") == true)
    }

    @Test func asCommandsItIsWhatKubectlOffers() {
        #expect(
            ShellScript.lines(for: step("proxy").action) == [
                "kubectl rollout status deployment/d --timeout=600s --namespace team"
            ])
    }
}
