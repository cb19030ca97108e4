import ArgumentParser
import Installer
import Terminal

/// The program's commands, one per file. ``CommandLineProgram`` runs them.
struct BuildkitInstaller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buildkit-installer",
        abstract: "Deploy a shared BuildKit builder on Kubernetes, secured with mutual TLS.",
        discussion: Discussion.text(
            """
            Without a subcommand, on a terminal, the wizard opens; it accepts the options of install. Each setting can \
            also be given as a flag, as an environment variable (BUILDKIT_INSTALLER_NAMESPACE for --namespace), or in \
            an answers file.
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

/// The default command: the start page of the wizard.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Open the start page of the wizard.", shouldDisplay: false)

    @OptionGroup var options: RunOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup(title: "Settings") var fields: FieldOptions

    func run() async throws {
        try await Self.start(options.settings, flags: fields.given, in: screen.theme)
    }

    /// Without arguments there is nothing to parse: that would take as long as the first page.
    static func start(
        _ options: RunSettings = RunSettings(), flags: [Field.ID: String] = [:], in theme: Theme? = nil
    ) async throws {
        let session = try CommandContext(options, flags: flags)
        guard !options.checksOnly else {
            return try await NonInteractiveRun(session: session, verb: .install).run()
        }
        // Without a terminal and a command, the list of commands is printed.
        guard session.isAttended else {
            return Console.output.write(
                VisibleText(HelpPage(try CommandTree.program.get(), columns: Console.columns).text))
        }
        try await session.attended(.install, from: .start, in: theme)
    }
}

/// `buildkit-installer manual`: prints the manual page, which `make install` installs.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page.",
        discussion: Discussion.text(
            "The page is in mdoc(7) format, for man and mandoc.",
            examples: [
                "manual | man -l -", "manual > /usr/local/share/man/man1/buildkit-installer.1",
            ], statuses: [.done, .badUsage]))

    func run() throws {
        let page = ManualPage(
            try CommandTree.program.get(), version: ProgramVersion.number, date: ProgramVersion.date)
        Console.output.write(VisibleText(page.text))
    }
}

/// The output of `--version`.
enum ProgramVersion {
    static let number = "0.1.0"
    /// Date of the version, in the format of manual pages.
    static let date = "November 22, 2026"
    static let text = "buildkit-installer \(number), chart \(Chart.version), BuildKit \(Chart.appVersion)"
}

extension CommandTree {
    /// The description of the program, created once. This takes longer than most commands run, so only help output uses
    /// it.
    static let program = Result { try CommandTree(of: BuildkitInstaller.self) }
}
