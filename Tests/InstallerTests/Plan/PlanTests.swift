import FoundationEssentials
@testable import Installer
import Testing

@Suite struct PlanTests {
    private func plan(recalls: Bool, _ kind: Plan.Kind, _ forms: [Form], _ answers: Answers) throws -> Plan {
        let workflow = Workflow(
            id: "test", title: "Test", meaning: "", key: "t", forms: forms, checks: [], recalls: recalls,
            report: Workflow.rotate.report
        ) { (_, _, _, _) throws(PlanRefusal) in
            Plan(kind, title: "Test", installation: Plan.installation, steps: [])
        }
        return try workflow.plan(
            answers, Facts(), places: InstallerPaths(home: "/home", environment: [:]), home: "/home")
    }

    /// The journal has them, so that another run prints the command that resumes this one.
    @Test func aPlanHasTheFlagsThatMakeItAgain() throws {
        var answers = Answers()
        (answers.context, answers.namespace, answers.name, answers.now) = ("test", "x3", "alice", true)
        let revocation = try plan(recalls: true, .revokeClient, [.revocation], answers)
        #expect(revocation.resumption == "client revoke --name alice --now")
        let read = try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(revocation))
        #expect(read == revocation)
    }

    /// A record of a run names it, also where no step does. Where the command does not have the setting, it is unknown.
    @Test func aPlanNamesTheCertificateFolder() throws {
        var answers = Answers(about: Plan.installation)
        let places = InstallerPaths(home: "/home", environment: [:])
        #expect(
            try plan(recalls: true, .uninstall, Form.uninstall, answers).certificateFolder
                == places.certificates(of: Plan.installation))
        answers.certs = "~/shared"
        #expect(try plan(recalls: true, .rotate, Form.rotate, answers).certificateFolder == "/home/shared")
        #expect(try plan(recalls: true, .sleep, [.sleeping], answers).certificateFolder == nil)
    }

    /// Without `--yes`, the settings of the last install would be added to the printed command.
    @Test func anInstallHasAllOfThem() throws {
        var answers = Answers()
        answers.memory = "3Gi"
        let install = try plan(recalls: false, .install, [.builder], answers)
        #expect(install.resumption == "install --memory 3Gi --yes")
    }

    @Test func theJournalOfAnOlderVersionHasNone() throws {
        let old = try JSONEncoder().encode(
            Plan(.sleep, title: "Test", installation: Plan.installation, steps: []))
        #expect(!String(decoding: old, as: UTF8.self).contains("flags"))
        #expect(try JSONDecoder().decode(Plan.self, from: old).resumption == "sleep")
    }
}
