import Foundation
@testable import Installer
@testable import MutualTLS
import Synchronization
import Testing

/// Two machines perform permitted operations on one installation, in any order, and are killed at any point: revoked
/// clients are rejected, and no other client is.
@Suite struct RevocationOrderTests {
    /// Every `stride`th kill point. `REVOCATION_STRIDE=1` tests all points in all cases, which takes half an hour.
    private static let stride =
        ProcessInfo.processInfo.environment["REVOCATION_STRIDE"].flatMap { Int($0) } ?? 97
    private static let isThorough = stride < 10
    private static let verbs: [RevocationVerb] = [
        .install, .rotate, .authority, .finish, .add("carol"), .renew("bob"), .add("alice"),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let verb: RevocationVerb
        let secondBegins: Bool
        let secondRevokes: Bool
        let onlyAuthority: Bool

        var testDescription: String {
            "\(verb) by \(secondBegins ? "the second" : "the first"), revoke by \(secondRevokes ? "the second" : "the first")"
                + (onlyAuthority ? ", which has only authority/" : "")
        }
    }

    /// Every second case, or those with `REVOCATION_CASES` in their descriptions.
    private static let cases = allCases.enumerated().filter { index, order in
        ProcessInfo.processInfo.environment["REVOCATION_CASES"].map(order.testDescription.contains)
            ?? (isThorough || (index + index / 8) % 2 == 0)
    }.map(\.element)
    private static let allCases = verbs.flatMap { verb in
        [(false, false), (false, true), (true, false), (true, true)].flatMap { begins, revokes in
            [false, true].map {
                Case(verb: verb, secondBegins: begins, secondRevokes: revokes, onlyAuthority: $0)
            }
        }
    }

    /// The first kill point: different for each case, but the same in every run.
    private static func start(_ order: Case, below limit: Int) -> Int {
        allCases.firstIndex { $0.testDescription == order.testDescription }.map { $0 * 13 % limit } ?? 0
    }

    @Test(arguments: cases) func whoWasRevokedIsRefusedWhereverARunIsKilled(_ order: Case) async throws {
        let start = try await RevocationScene.begin(onlyAuthority: order.onlyAuthority)
        // Twice as many rounds for a change that leaves two CAs trusted.
        for isTwoPhased in order.verb == .finish ? [true] : [false, true] {
            if isTwoPhased { try await start.first.do(.authority) }
            var count = Self.start(order, below: Self.stride)
            while try await kill(order, after: count, in: start.copied()) { count += Self.stride }
        }
    }

    /// - Returns: whether it was killed; false where it completed before.
    private func kill(_ order: Case, after changes: Int, in scene: RevocationScene) async throws -> Bool {
        let (worker, revoker) = (
            order.secondBegins ? scene.second : scene.first, order.secondRevokes ? scene.second : scene.first
        )
        let limit = FileChangeLimit(changes)
        _ = try? await FileChangeLimit.$current.withValue(limit) { try await worker.do(order.verb) }
        let wasKilled = limit.isReached
        Counts.shared.add(kills: wasKilled ? 1 : 0)
        let isRevoked = try await revoker.do(.revoke("alice"))
        try await expect(scene, isRevoked, "killed after \(changes), then revoked")
        // Adding alice again would readmit the client.
        if order.verb != .add("alice") { try await worker.do(order.verb) }
        try await expect(scene, isRevoked, "killed after \(changes), revoked, and gone on with")
        for machine in [revoker, worker] { try await machine.do(.rotate) }
        try await expect(scene, isRevoked, "killed after \(changes), revoked, gone on with, and rotated")
        return wasKilled
    }

    @Test(arguments: cases) func aRevocationThatWasKilledIsBroughtToItsEnd(_ order: Case) async throws {
        guard order.verb != .add("alice") else { return }
        let start = try await RevocationScene.begin(onlyAuthority: order.onlyAuthority)
        var count = Self.start(order, below: max(1, Self.stride / 3))
        while true {
            let scene = try start.copied()
            let (worker, revoker) = (
                order.secondBegins ? scene.second : scene.first,
                order.secondRevokes ? scene.second : scene.first
            )
            let limit = FileChangeLimit(count)
            _ = try? await FileChangeLimit.$current.withValue(limit) {
                try await revoker.do(.revoke("alice"))
            }
            Counts.shared.add(kills: limit.isReached ? 1 : 0)
            try await worker.do(order.verb)
            let isRevoked = try await revoker.do(.revoke("alice"))
            try await expect(scene, isRevoked, "revocation killed after \(count), and repeated")
            try await worker.do(.rotate)
            try await expect(scene, isRevoked, "revocation killed after \(count), repeated, and rotated")
            guard limit.isReached else { return }
            count += max(1, Self.stride / 3)
        }
    }

    /// The plan of one machine is older than the changes of the other one between its steps.
    @Test(arguments: cases) func whatComesBetweenTheStepsOfAnotherMachineCounts(_ order: Case) async throws {
        guard order.secondBegins != order.secondRevokes, order.verb != .add("alice") else { return }
        let start = try await RevocationScene.begin(onlyAuthority: order.onlyAuthority)
        if order.verb == .finish { try await start.first.do(.authority) }
        let length =
            try await (order.secondBegins ? start.second : start.first).plan(order.verb)?.steps.count ?? 0
        for step in 0...length {
            let scene = try start.copied()
            let (worker, revoker) = (
                order.secondBegins ? scene.second : scene.first,
                order.secondRevokes ? scene.second : scene.first
            )
            guard let plan = try await worker.plan(order.verb) else { continue }
            try await worker.perform(plan, 0..<min(step, plan.steps.count))
            let isRevoked = try await revoker.do(.revoke("alice"))
            // It may stop, because the Secret has changed since the plan was made.
            _ = try? await worker.perform(plan, min(step, plan.steps.count)..<plan.steps.count)
            try await expect(scene, isRevoked, "revoked between steps \(step) and \(step + 1)")
            try await worker.do(order.verb)
            try await worker.do(.rotate)
            try await expect(scene, isRevoked, "revoked between steps \(step) and \(step + 1), done again")
        }
    }

    /// The orders again, with the real Envoy as the judge.
    @Test(arguments: cases) func theProxyRefusesWhoWasRevoked(_ order: Case) async throws {
        guard order.verb != .add("alice") else { return }
        let scene = try await RevocationScene.begin(onlyAuthority: order.onlyAuthority)
        if order.verb == .finish { try await scene.first.do(.authority) }
        let (worker, revoker) = (
            order.secondBegins ? scene.second : scene.first, order.secondRevokes ? scene.second : scene.first
        )
        try await worker.do(order.verb)
        let isRevoked = try await revoker.do(.revoke("alice"))
        for verb in [order.verb, .rotate] {
            try await worker.do(verb)
            let violations = try await scene.violationsAtTheProxy(revoked: isRevoked ? ["alice"] : [])
            #expect(violations.isEmpty, "\(verb)")
        }
        // It does refuse her: if she counted as accepted, that would be a violation. Without the old CA there may be no
        // pair of hers that it could accept.
        guard order.verb != .finish else { return }
        #expect(try await scene.violationsAtTheProxy(revoked: []).isEmpty == !isRevoked)
    }

    /// An uninstall keeps the CA, which a later install uses again.
    @Test func whoWasRevokedElsewhereIsRefusedAfterANewInstallWithTheSameCA() async throws {
        let scene = try await RevocationScene.begin()
        try await scene.second.do(.revoke("alice"))
        try await scene.first.do(.uninstall)
        scene.cluster.removeAll()
        try await scene.first.do(.install)
        try await expect(scene, true, "revoked elsewhere, uninstalled, and installed again")
    }

    /// For all later operations of both, in any order.
    @Test(arguments: [false, true]) func nothingThatComesAfterwardsLetsHerInAgain(secondRevokes: Bool)
        async throws
    {
        for onlyAuthority in [false, true] {
            let start = try await RevocationScene.begin(onlyAuthority: onlyAuthority)
            let isRevoked = try await (secondRevokes ? start.second : start.first).do(.revoke("alice"))
            try await expect(start, isRevoked, "revoked")
            let verbs = Self.verbs.dropLast()
            var index = 0
            for one in verbs {
                for two in verbs {
                    for machines in 0..<4 {
                        index += 1
                        guard index % max(1, Self.stride / 3) == 0 else { continue }
                        let scene = try start.copied()
                        try await (machines & 1 == 0 ? scene.first : scene.second).do(one)
                        try await (machines & 2 == 0 ? scene.first : scene.second).do(two)
                        try await expect(scene, isRevoked, "\(one), \(two) (\(machines))")
                    }
                }
            }
        }
    }

    private func expect(_ scene: RevocationScene, _ isRevoked: Bool, _ story: String) async throws {
        let violations = try await scene.violations(revoked: isRevoked ? ["alice"] : [])
        Counts.shared.add(looks: 1)
        #expect(violations.isEmpty, "\(story)")
    }

    /// The number of tested cases, printed at the end of the tests.
    private final class Counts: Sendable {
        static let shared = Counts()
        private let counts = Mutex((kills: 0, looks: 0))

        init() {
            atexit {
                let counts = Counts.shared.counts.withLock { $0 }
                print(
                    "Revocations: \(counts.kills) kills, \(counts.looks) looks at all certificates by openssl"
                )
            }
        }

        func add(kills: Int = 0, looks: Int = 0) {
            counts.withLock { ($0.kills, $0.looks) = ($0.kills + kills, $0.looks + looks) }
        }
    }
}
