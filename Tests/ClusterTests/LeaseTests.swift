import FoundationEssentials
@testable import Installer
import LabSupport
import Testing

/// The Lease of a run on a real API server, over the shared connection and with kubectl.
@Suite struct LeaseTests {
    @Test(arguments: [true, false]) func oneRunHoldsItUntilItGivesItBack(isShared: Bool) async throws {
        try await withNotedKubectl { dependencies, namespace, log in
            let id = InstallationID(context: "test", namespace: namespace.name, release: "buildkit")
            try await connected(dependencies, isShared) { dependencies in
                let first = ClusterLease(id, in: dependencies)
                #expect(try await first.acquire() == .held)
                await first.renew()
                try await first.ensure()
                let second = ClusterLease(id, in: dependencies)
                let refusal = await #expect(throws: InstallerError.self) { try await second.acquire() }
                #expect(refusal?.message.hasSuffix(first.holder) == true, "\(refusal?.message ?? "")")
                // A run of this machine that was killed: its Lease is taken over, and it cannot renew it.
                let next = ClusterLease(id, in: dependencies, predecessors: [first.holder])
                #expect(try await next.acquire() == .held)
                await first.renew()
                await #expect(throws: InstallerError.self) { try await first.ensure() }
                // Nor can it delete it.
                await first.release()
                try await next.ensure()
                await next.renew()
                try await next.ensure()
                await next.release()
                #expect(try await second.acquire() == .held)
                await second.release()
            }
            let verbs = try String(contentsOf: URL(filePath: log), encoding: .utf8).split(separator: "\n")
            #expect(isShared ? verbs == ["proxy"] : verbs.contains("create"))
        }
    }

    @Test(arguments: [true, false]) func withoutANamespaceThereIsNone(isShared: Bool) async throws {
        try await withNotedKubectl { dependencies, namespace, _ in
            let id = InstallationID(context: "test", namespace: "\(namespace.name)-none", release: "buildkit")
            try await connected(dependencies, isShared) { dependencies in
                let outcome = try await ClusterLease(id, in: dependencies).acquire()
                #expect(outcome == .noNamespace)
            }
        }
    }

    /// A run whose Lease was deleted does not delete that of the next one.
    @Test(arguments: [true, false]) func oneThatIsGoneIsNotRenewed(isShared: Bool) async throws {
        try await withNotedKubectl { dependencies, namespace, _ in
            let id = InstallationID(context: "test", namespace: namespace.name, release: "buildkit")
            try await connected(dependencies, isShared) { dependencies in
                let first = ClusterLease(id, in: dependencies)
                #expect(try await first.acquire() == .held)
                try await namespace.kubectl.require(
                    "delete", "lease", "buildkit-installer-buildkit", "--namespace", namespace.name)
                let second = ClusterLease(id, in: dependencies)
                #expect(try await second.acquire() == .held)
                await first.renew()
                await #expect(throws: InstallerError.self) { try await first.ensure() }
                await first.release()
                await second.renew()
                try await second.ensure()
                await second.release()
            }
        }
    }
}
