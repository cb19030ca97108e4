import ArgumentParser
import Installer

/// The program's commands: one a file. ``CommandLineProgram`` runs them.
struct BuildkitInstaller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildkit-installer",
        abstract: "Deploy a shared BuildKit builder on Kubernetes, secured with mutual TLS.",
        discussion: Discussion.text(
            """
            Without a command, on a terminal, the wizard opens. Every setting that it asks for can be given as a \
            flag, as an environment variable (BUILDKIT_INSTALLER_NAMESPACE for --namespace), or in an answers file.
            """,
            examples: [
                "install --dry-run",
                "install --exposure load-balancer --sans builder.example.com --yes",
                "rotate --if-due 30d --yes", "uninstall --everything --yes",
            ],
            statuses: ExitStatus.allCases),
        version: ProgramVersion.text,
        subcommands: [
            StartCommand.self, InstallCommand.self, CheckCommand.self, StatusCommand.self, DoctorCommand.self,
            ClientCommand.self, RotateCommand.self, SleepCommand.self, WakeCommand.self,
            UninstallCommand.self,
            IssueCommand.self, ChartCommand.self, AnswersCommand.self, SchemaCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: StartCommand.self)
}

/// What happens where no command is typed: the start page, from which the user chooses one.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Open the wizard on its start page.", shouldDisplay: false)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: FieldOptions

    func run() async throws {
        let session = try CommandContext(options, flags: fields.given)
        // A script that names no command is shown the commands.
        guard session.isAttended else {
            return Console.output.write(
                VisibleText(
                    HelpPage(try CommandTree(of: BuildkitInstaller.self), columns: Console.columns).text))
        }
        try await session.attended(.install, from: .start)
    }
}

/// `buildkit-installer manual`: the manual page that `make install` puts in its place.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page.",
        discussion: Discussion.text(
            "The page is written in mdoc(7), for man and mandoc.",
            examples: [
                "manual | man -l -", "manual > /usr/local/share/man/man1/buildkit-installer.1",
            ]))

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

extension CommandTree {
    /// The whole program, described once; that takes longer than most commands run, so only what prints help asks for
    /// it. Without it the help is ArgumentParser's own, which is still a help.
    static let program = try? CommandTree(of: BuildkitInstaller.self)
}
