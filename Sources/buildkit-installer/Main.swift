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
        version: ProgramVersion.text,
        subcommands: [
            StartCommand.self, InstallCommand.self, IssueCommand.self, ChartCommand.self, ClientCommand.self,
            SleepCommand.self,
            WakeCommand.self, RotateCommand.self, StatusCommand.self, DoctorCommand.self,
            UninstallCommand.self,
            AnswersCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: StartCommand.self)
}

/// What happens where no verb is typed: the start page, from which the user chooses one.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Open the wizard on its start page.", shouldDisplay: false)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: FieldOptions

    func run() async throws {
        let session = try CommandContext(options, flags: fields.given)
        // A script that names no verb is shown the verbs.
        guard session.isAttended else { throw CleanExit.message(BuildkitInstaller.helpMessage()) }
        try await session.attended(.install, from: .start)
    }
}

/// `buildkit-installer manual`: the manual page that `make install` puts in its place.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page, in mdoc.", shouldDisplay: false)

    func run() throws {
        let page = ManualPage(
            try CommandTree(of: BuildkitInstaller.self), version: ProgramVersion.number,
            date: ProgramVersion.date)
        Console.output.write(VisibleText(page.text))
    }
}

/// What `--version` says.
enum ProgramVersion {
    static let number = "0.1.0"
    /// When that version was made, as manual pages have it.
    static let date = "November 22, 2026"
    static let text = "buildkit-installer \(number), chart \(Chart.version), BuildKit \(Chart.appVersion)"
}
