import ArgumentParser
import FoundationEssentials
import Installer

/// How a command is to go about its work; the questions themselves are in ``FieldOptions``.
struct RunOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("An answers file, as the wizard saves it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var answers: String?

    @Flag(name: [.long, .customShort("y")], help: "Do not prompt.")
    var yes = false

    @Flag(
        name: .long,
        help: "Show what would be done, and change nothing. The exit status is that of the run at its checks."
    )
    var dryRun = false

    @Flag(name: .long, help: "Print the plan as a shell script, and change nothing.")
    var printCommands = false

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp(
            "text, or json: one object per line, the last one is the result.", valueName: "text|json"))
    var output = Output.text

    @Flag(name: [.long, .short], help: "Show the output of the tools.")
    var verbose = false

    @Flag(name: .long, help: "Keep the changes of a failed run for debugging; the next run resumes.")
    var keepOnFailure = false

    @Option(
        name: .long, help: ArgumentHelp("Save the settings to an answers file.", valueName: "file"),
        completion: .file())
    var saveAnswers: String?

    func validate() throws {
        guard !printCommands || !dryRun else {
            throw ValidationError("--print-commands and --dry-run contradict each other: give one of them")
        }
        guard !printCommands || output == .text else {
            throw ValidationError("--print-commands prints a shell script, which is no JSON")
        }
    }

    /// What holds where nothing is given.
    static func none() throws -> RunOptions { try parse([]) }

    enum Output: String, CaseIterable, ExpressibleByArgument {
        case text, json

        func reporter(isVerbose: Bool, _ dependencies: Dependencies) -> any Reporter {
            self == .json
                ? JSONReporter(lines: JSONLines(now: dependencies.now)) : PlainReporter(isVerbose: isVerbose)
        }
    }
}

/// Which installation is meant: a few of the questions of an install.
struct InstallationOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(.certs) var certs: String?
    @Option(.builder) var builder: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
}

/// How a command that changes nothing in the cluster tells what it has seen.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("An answers file, as the wizard saves it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var answers: String?

    @Option(
        name: [.long, .customShort("o")], help: ArgumentHelp("text, or json.", valueName: "text|json"))
    var output = RunOptions.Output.text

    /// The same as the options of a run, which does nothing that needs the others.
    var asRunOptions: RunOptions {
        get throws {
            var options = try RunOptions.none()
            options.answers = answers
            options.output = output
            return options
        }
    }
}
