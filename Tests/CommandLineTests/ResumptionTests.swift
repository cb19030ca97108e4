import ArgumentParser
import Installer
import Testing

@testable import buildkit_installer

/// The printed command that resumes an interrupted run is a command line of the program, which gives the same answers.
@Suite struct ResumptionTests {
    private func words(_ kind: Plan.Kind, _ workflow: Workflow, _ change: (inout Answers) -> Void) -> [String]
    {
        var answers = Answers()
        change(&answers)
        let plan = Plan(
            kind, title: "Test", installation: answers.installation, steps: [], flags: workflow.flags(answers)
        )
        return plan.resumption.split(separator: " ").map(String.init)
    }

    private func parsed<Command>(_ words: [String], as type: Command.Type = Command.self) async throws
        -> Command
    {
        try #require(try await BuildkitInstaller.asyncParseAsRoot(words) as? Command, "\(words)")
    }

    @Test func aClientIsNamed() async throws {
        let addition = words(.addClient, .addClient) {
            ($0.name, $0.role, $0.bundle) = ("alice", .builder, "alice.tar")
        }
        let add: AddClient = try await parsed(addition)
        #expect(add.fields.given == ["name": "alice", "role": "builder", "bundle": "alice.tar"])
        let renew: RenewClient = try await parsed(words(.renewClient, .renewClient) { $0.name = "alice" })
        #expect(renew.fields.given == ["name": "alice"])
    }

    @Test func aRevocationIsOfTheSameCertificates() async throws {
        let byName: RevokeClient = try await parsed(
            words(.revokeClient, .revokeClient) { ($0.name, $0.now) = ("alice", true) })
        #expect(byName.fields.given == ["name": "alice", "now": "yes"])
        let bySerial: RevokeClient = try await parsed(
            words(.revokeClient, .revokeClient) { $0.serials = ["5f0c1d2e3a4b"] })
        #expect(bySerial.fields.given == ["serial": "5f0c1d2e3a4b"])
    }

    @Test(arguments: [Plan.Kind.uninstall, .uninstallLocal])
    func anUninstallRemovesTheSameComponents(_ kind: Plan.Kind) async throws {
        let uninstall: UninstallCommand = try await parsed(
            words(kind, .uninstall) { ($0.remove, $0.force) = ([.builder, .cache], true) })
        #expect(uninstall.fields.given == ["remove": "builder,cache", "force": "yes"])
    }

    @Test(arguments: [Plan.Kind.install, .upgrade])
    func anInstallHasItsSettings(_ kind: Plan.Kind) async throws {
        let install: InstallCommand = try await parsed(
            words(kind, .install) { ($0.exposure, $0.takeOver) = (.loadBalancer, true) })
        #expect(install.fields.given == ["exposure": "load-balancer", "take-over": "yes"])
        #expect(install.options.yes)
    }

    @Test func aScalingWaitsAsLong() async throws {
        let sleep: SleepCommand = try await parsed(
            words(.sleep, .sleep) { ($0.timeout, $0.force) = (30, true) })
        #expect(sleep.fields.given == ["timeout": "30", "force": "yes"])
        let wake: WakeCommand = try await parsed(words(.wake, .wake) { $0.timeout = 30 })
        #expect(wake.fields.given == ["timeout": "30"])
    }
}
