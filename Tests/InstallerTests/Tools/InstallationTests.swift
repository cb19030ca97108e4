@testable import Installer
import MutualTLS
import Testing

@Suite struct InstallationIDTests {
    private let installation = InstallationID(context: "my cluster", namespace: "team", release: "builds")

    /// Contexts of a cloud have slashes; a kubeconfig may have no context at all.
    @Test(arguments: ["", "test", "arn:aws:eks:eu-west-1:1:cluster/prod"])
    func aRecordNamesTheInstallation(_ context: String) {
        let installation = InstallationID(context: context, namespace: "team", release: "builds")
        #expect(InstallationID(record: installation.record) == installation)
        #expect(InstallationID(record: context) == nil)
    }

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

    /// A run that has stopped is resumed as it was begun.
    @Test func aRotationIsRepeatedWithTheFlagsThatNoPageHas() throws {
        var answers = Answers()
        (answers.verify, answers.timeout, answers.loginTimeout) = (false, 40, 300)
        (answers.renew, answers.takeOver) = (.authority, true)
        (answers.exposure, answers.nodePort) = (.nodePort, 31234)
        answers.endpoint = Endpoint(host: "builder.example.com", port: 1234)
        answers.servername = try SubjectName("builder.example.com")
        #expect(
            Workflow.rotate.commandLine(answers, at: installation)
                == "buildkit-installer rotate --context 'my cluster' --namespace team --release builds "
                + "--renew authority --exposure node-port --node-port 31234 --endpoint tcp://builder.example.com:1234 "
                + "--servername builder.example.com --timeout 40 --verify no --login-timeout 300 --take-over --yes"
        )
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
