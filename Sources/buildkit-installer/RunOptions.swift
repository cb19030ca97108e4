import ArgumentParser
import FoundationEssentials
import Installer
import Terminal

/// Options for the execution of a command; the settings are in ``FieldOptions``.
struct RunOptions: ParsableArguments {
    @Option(name: .long, help: .answersFile, completion: .file(extensions: ["json"]))
    var answers: String?

    @Flag(name: [.long, .customShort("y")], help: "Do not prompt.")
    var yes = false

    @Flag(
        name: .long,
        help: "Show the plan without making changes. The exit status is that of the checks."
    )
    var dryRun = false

    @Flag(
        name: .long,
        help: "Run the checks only, and print every result. The exit status is that of the checks.")
    var checksOnly = false

    @Flag(name: .long, help: "Print the plan as a shell script without making changes.")
    var printCommands = false

    @Option(name: [.long, .customShort("o")], help: .outputOfRun)
    var output = OutputFormat.text

    @Flag(name: [.long, .short], help: "Show the output of the tools.")
    var verbose = false

    @Flag(name: .long, help: "Keep the changes of a failed run for debugging; the next run resumes.")
    var keepOnFailure = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Save the settings to an answers file; the wizard does it at the end of a run or dry run.",
            valueName: "file"),
        completion: .file())
    var saveAnswers: String?

    func validate() throws {
        guard !printCommands || !dryRun else {
            throw ValidationError("--print-commands and --dry-run are mutually exclusive")
        }
        guard !checksOnly || !(printCommands || dryRun) else {
            throw ValidationError(
                "--checks-only and --\(dryRun ? "dry-run" : "print-commands") are mutually exclusive")
        }
        guard !printCommands || output == .text else {
            throw ValidationError(
                "--print-commands prints a shell script and cannot be combined with --output json")
        }
    }

    var settings: RunSettings {
        RunSettings(
            answers: answers, yes: yes, dryRun: dryRun, checksOnly: checksOnly, printCommands: printCommands,
            output: output, verbose: verbose, keepOnFailure: keepOnFailure, saveAnswers: saveAnswers)
    }
}

extension OutputFormat: ExpressibleByArgument {}

extension ArgumentHelp {
    static var answersFile: ArgumentHelp {
        ArgumentHelp("An answers file, as saved by the wizard.", valueName: "file")
    }
    /// Of a command that makes changes.
    static var outputOfRun: ArgumentHelp {
        ArgumentHelp(
            "Output format: text, or json (one object per line; the last line is the result).",
            valueName: "text|json")
    }
}

/// Options of the commands that open the full-screen wizard.
struct ScreenOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Colors of the wizard. If not set: auto (follows the background of the terminal).",
            valueName: Theme.names.joined(separator: "|")))
    var theme: Theme?
}

extension Theme: ExpressibleByArgument {
    fileprivate static var names: [String] { allCases.map(\.rawValue) }

    /// The theme of the flag, else of the variable.
    /// - Throws: if the variable names no theme.
    init(_ flag: Theme?, in environment: [String: String]) throws(InstallerError) {
        let variable = OptionVariable.theme.rawValue
        guard flag == nil, let name = environment[variable], !name.isEmpty else {
            self = flag ?? .auto
            return
        }
        guard let named = Theme(rawValue: name) else {
            throw InstallerError(
                "\(variable): unknown theme \"\(name)\"",
                hint: "Set it to one of: \(Theme.names.joined(separator: ", ")).", code: .usage)
        }
        self = named
    }
}

/// The installation: a subset of the settings of an install.
struct InstallationOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(.certs) var certs: String?
    @Option(.builder) var builder: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
}

/// Output options of a read-only command.
struct ReportOptions: ParsableArguments {
    @Option(name: .long, help: .answersFile, completion: .file(extensions: ["json"]))
    var answers: String?

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp("Output format: text or json.", valueName: "text|json"))
    var output = OutputFormat.text

    var settings: RunSettings { RunSettings(answers: answers, output: output) }
}
