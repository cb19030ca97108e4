import FoundationEssentials
@testable import Installer
import Testing

struct ClusterLeaseTests {
    private let installation = InstallationID(context: "", namespace: "team", release: "buildkit")
    private let identity = #"'jsonpath={.metadata.uid}{" "}{.metadata.resourceVersion}' --namespace team"#
    private let get =
        "kubectl get lease buildkit-installer-buildkit --ignore-not-found --output json --namespace team"
    private var create: String {
        "kubectl create --field-manager buildkit-installer --filename - --output \(identity)"
    }
    private var replace: String { "kubectl replace --filename - --output \(identity)" }
    private let delete =
        "kubectl delete --raw /apis/coordination.k8s.io/v1/namespaces/team/leases/buildkit-installer-buildkit --filename -"
    private let taken = CommandResult(
        status: 1, errors: #"Error from server (AlreadyExists): leases "x" already exists"#)
    private let conflict = CommandResult(status: 1, errors: "Error from server (Conflict): it was modified")

    /// - Parameter age: the time since its last renewal, in seconds.
    private func theirs(_ version: String, age: Double, holder: String = "eve@elsewhere 1") -> CommandResult {
        let time = (TestClock.start - age).formatted(.iso8601).dropLast()
        return CommandResult(
            output: """
                {"metadata":{"uid":"1","resourceVersion":"\(version)"},"spec":{"holderIdentity":"\(holder)",
                "leaseDurationSeconds":30,"renewTime":"\(time).000000Z"}}
                """)
    }

    private func lease(_ runner: ReplayRunner, after predecessors: [String] = []) -> ClusterLease {
        ClusterLease(installation, in: .test(runner), predecessors: predecessors)
    }

    @Test func itIsTakenRenewedAndGivenBackInTheVersionThatItHas() async throws {
        let runner = ReplayRunner([
            create: .init(output: "1 7"), replace: .init(output: "1 8"), delete: .init(),
        ])
        let lease = lease(runner)
        #expect(try await lease.acquire() == .held)
        await lease.renew()
        try await lease.ensure()
        await lease.release()
        #expect(runner.unplayed.isEmpty)
        #expect(runner.played[1].input?.contains(#""resourceVersion":"7""#) == true)
        #expect(
            runner.played[2].input?.contains(#""preconditions":{"resourceVersion":"8","uid":"1"}"#) == true)
        #expect(
            runner.played[0].input?.contains(#""leaseDurationSeconds":30,"leaseTransitions":0,"renewTime":""#)
                == true)
    }

    /// The renewal stops with the process, by Ctrl-Z.
    @Test func afterASuspensionItIsRenewedOrLost() async throws {
        for (answer, isKept) in [(CommandResult(output: "1 8"), true), (conflict, false)] {
            let clock = TestClock()
            let recordings = [(create, CommandResult(output: "1 7")), (replace, answer)]
            var dependencies = Dependencies.test(
                ReplayRunner(
                    recordings.map { .init($0, $1) } + [
                        .init(get, theirs("9", age: 0))
                    ]))
            dependencies.now = { clock.now }
            let lease = ClusterLease(installation, in: dependencies)
            #expect(try await lease.acquire() == .held)
            #expect(await lease.excludesOthers)
            clock.advance(by: 31)
            #expect(await !lease.excludesOthers)
            if isKept {
                try await lease.ensure()
            } else {
                await #expect(throws: InstallerError.self) { try await lease.ensure() }
            }
            #expect(await lease.excludesOthers == isKept)
        }
    }

    @Test func whoeverHoldsItIsNamedWithItsEnd() async throws {
        let runner = ReplayRunner([create: taken, get: theirs("7", age: 10)])
        let end = (TestClock.start + 20).formatted(.iso8601)
        let failure = await #expect(throws: InstallerError.self) { try await lease(runner).acquire() }
        #expect(failure?.message.hasSuffix("is running on this installation: eve@elsewhere 1") == true)
        #expect(failure?.detail?.contains("which expires at \(end) unless it is renewed") == true)
        #expect(failure?.code == .locked)
        #expect(
            failure?.hint
                == "Wait until it has finished, then run the same command again. Its Lease: "
                + "kubectl get lease buildkit-installer-buildkit --namespace team")
    }

    @Test func oneThatHasRunOutIsTakenOnlyIfNobodyRenewsItForItsWholeTime() async throws {
        let dead = ReplayRunner([
            create: taken, get: theirs("7", age: 31), get: theirs("7", age: 31),
            replace: .init(output: "1 9"),
        ])
        #expect(try await lease(dead).acquire() == .held)
        #expect(dead.played.last?.input?.contains(#""resourceVersion":"7","uid":"1""#) == true)
        // Its clock is behind, but it is still renewed.
        let alive = ReplayRunner([create: taken, get: theirs("7", age: 31), get: theirs("8", age: 31)])
        await #expect(throws: InstallerError.self) { try await lease(alive).acquire() }
        #expect(alive.unplayed.isEmpty)
        // Another run was faster.
        let late = ReplayRunner([
            create: taken, get: theirs("7", age: 31), get: theirs("7", age: 31), replace: conflict,
            get: theirs("9", age: 0),
        ])
        await #expect(throws: InstallerError.self) { try await lease(late).acquire() }
        #expect(late.unplayed.isEmpty)
    }

    @Test func theLeaseOfThisMachinesRunThatWasKilledIsTakenAtOnce() async throws {
        let runner = ReplayRunner([
            create: taken, get: theirs("7", age: 1, holder: "me@here 5"), replace: .init(output: "1 8"),
        ])
        #expect(try await lease(runner, after: ["me@here 5"]).acquire() == .held)
        #expect(runner.unplayed.isEmpty)
    }

    /// The server may carry out what it does not answer: the Lease shows it.
    @Test func aChangeWhoseAnswerWasLostIsReadBack() async throws {
        let lost = CommandResult(status: 1, errors: "Error from server (ServiceUnavailable): unavailable")
        let other = theirs("7", age: 31)
        // The Lease of this run has its name, which is known only once there is a run.
        let name = lease(ReplayRunner([])).holder
        let mine = { theirs($0, age: $1, holder: name) }
        let created = ReplayRunner([create: taken, get: mine("7", 0), replace: .init(output: "1 8")])
        #expect(try await lease(created).acquire() == .held)
        #expect(created.played.last?.input?.contains(#""resourceVersion":"7","uid":"1""#) == true)
        let replaced = ReplayRunner([
            create: taken, get: other, get: other, replace: lost, get: mine("9", 0), delete: .init(),
        ])
        let second = lease(replaced)
        #expect(try await second.acquire() == .held)
        await second.release()
        #expect(replaced.played.last?.input?.contains(#""resourceVersion":"9","uid":"1""#) == true)
        let renewed = ReplayRunner([
            create: .init(output: "1 7"), replace: conflict, get: mine("8", 0), delete: .init(),
        ])
        let third = lease(renewed)
        try await third.acquire()
        await third.renew()
        try await third.ensure()
        await third.release()
        #expect(renewed.unplayed.isEmpty)
        #expect(renewed.played.last?.input?.contains(#""resourceVersion":"8""#) == true)
    }

    @Test func withoutANamespaceItIsTakenAsSoonAsThereIsOne() async throws {
        let none = CommandResult(
            status: 1, errors: #"Error from server (NotFound): namespaces "team" not found"#)
        let runner = ReplayRunner([create: none, create: .init(output: "1 7")])
        let lease = lease(runner)
        #expect(try await lease.acquire() == .noNamespace)
        #expect(await !lease.excludesOthers)
        try await lease.ensure()
        #expect(await lease.excludesOthers)
    }

    @Test func withoutALeaseOrAnAnswerNothingIsChangedInTheCluster() async throws {
        let away = CommandResult(status: 1, errors: "Unable to connect to the server")
        let unreachable = ReplayRunner([create: away, create: away])
        let lease = lease(unreachable)
        guard case .unreachable = try await lease.acquire() else { Issue.record("It was reached."); return }
        await #expect(throws: InstallerError.self) { try await lease.ensure() }
        let lost = ReplayRunner([create: .init(output: "1 7"), replace: conflict, get: theirs("9", age: 0)])
        let other = self.lease(lost)
        try await other.acquire()
        await other.renew()
        await #expect(throws: InstallerError.self) { try await other.ensure() }
    }

    /// As with a login that waits for the user: the checks have more patience, and explain it.
    @Test func aToolThatHangsIsLikeAClusterThatDoesNotAnswer() async throws {
        let runner = HangingRunner()
        let lease = ClusterLease(installation, in: .test(runner))
        guard case .unreachable = try await lease.acquire() else { Issue.record("It was reached."); return }
        let failure = await #expect(throws: InstallerError.self) { try await lease.ensure() }
        #expect(
            failure?.detail?.hasSuffix(
                "It is unknown whether the Lease buildkit-installer-buildkit in namespace team was created; it expires."
            )
                == true)
        // Whether one was created after all is not awaited as long.
        await lease.release()
        #expect(runner.timeouts.all == [20, 20, 8])
    }

    @Test(arguments: [
        ("kubectl took longer than 20 seconds and was stopped", true),
        ("Error from server (ServiceUnavailable): unavailable", true),
        (
            "The connection to the server localhost:6443 was refused - did you specify the right host or port?",
            false
        ),
        ("Unable to connect to the server: dial tcp 192.0.2.1:443: i/o timeout", false),
        (#"Error from server (NotFound): namespaces "team" not found"#, false),
    ])
    func aLeaseThatMayHaveBeenCreatedIsNamed(_ said: String, _ mayExist: Bool) async throws {
        let lease = lease(ReplayRunner([create: .init(status: 1, errors: said)]))
        #expect(await lease.possibleLease == nil)
        try await lease.acquire()
        #expect(
            await lease.possibleLease
                == (mayExist ? "Lease buildkit-installer-buildkit in namespace team" : nil))
    }

    @Test func whoMayNotUseLeasesGoesOnWithoutAndIsTold() async throws {
        let forbidden = CommandResult(status: 1, errors: "Error from server (Forbidden): leases is forbidden")
        let runner = ReplayRunner([create: forbidden])
        let lease = lease(runner)
        #expect(try await lease.acquire() == .forbidden)
        try await lease.ensure()
        await lease.release()
        #expect(runner.unplayed.isEmpty)
    }
}

/// Every tool takes too long.
private struct HangingRunner: CommandRunner {
    let timeouts = Collector<Int>()

    func run(_ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void) async throws
        -> CommandResult
    {
        timeouts.add(command.timeout)
        throw InstallerError(
            "kubectl took longer than \(command.timeout) seconds and was stopped", code: .toolTimedOut)
    }

    func marked(_ variables: [String: String]) -> any CommandRunner { self }
}
