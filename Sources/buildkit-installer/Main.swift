import ArgumentParser
import Installer

/// The program: one verb a file, and the wizard for who types none.
@main
struct BuildkitInstaller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildkit-installer",
        abstract: "A shared BuildKit of your own on Kubernetes, behind mutual TLS.",
        discussion: """
            Without a verb, on a terminal, a wizard opens. Everything that it asks can be given by flag, by
            environment variable (BUILDKIT_INSTALLER_NAMESPACE for --namespace) or in an answers file.

            EXAMPLES
              buildkit-installer
              buildkit-installer install --dry-run
              buildkit-installer install --exposure load-balancer --sans builder.example.com --yes
              buildkit-installer install --answers answers.json --yes --output json
              buildkit-installer rotate --if-due 30d --yes
              buildkit-installer uninstall --everything --yes

            EXIT STATUS
              0 done   1 failed   3 due (rotate --check)   64 bad answers   69 the cluster or a tool cannot be used   130 interrupted
            """,
        version: Version.text,
        subcommands: [
            Start.self, Install.self, Issue.self, ChartCommand.self, ClientCommand.self, Sleep.self,
            Wake.self, Rotate.self, StatusCommand.self, DoctorCommand.self, Uninstall.self,
            AnswersCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: Start.self)
}
