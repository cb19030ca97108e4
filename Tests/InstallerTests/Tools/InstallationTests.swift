@testable import Installer
import Testing

@Suite struct InstallationIDTests {
    private let installation = InstallationID(context: "my cluster", namespace: "team", release: "builds")

    @Test func aPrintedCommandNamesTheInstallation() {
        var answers = Answers()
        (answers.namespace, answers.release, answers.cache) = ("team", "builds", .none)
        #expect(
            Workflow.install.commandLine(answers, at: installation)
                == "buildkit-installer install --context 'my cluster' --namespace team --release builds "
                + "--cache none --yes")
        // Also where everything is the default, because the current context may change.
        let plain = InstallationID(context: "test", namespace: "buildkit", release: "buildkit")
        #expect(
            Workflow.rotate.commandLine(Answers(), at: plain)
                == "buildkit-installer rotate --context test --namespace buildkit --yes")
    }

    @Test func aReportIsFollowedByCommandsOfTheSameInstallation() {
        for workflow in [Workflow.rotate, .addClient, .revokeClient] {
            for next in workflow.report.next(Answers(), installation) {
                #expect(
                    next.command.contains("--context 'my cluster' --namespace team --release builds"),
                    "\(next.command)")
            }
        }
    }
}
