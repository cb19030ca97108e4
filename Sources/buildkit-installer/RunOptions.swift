import ArgumentParser
import Installer

/// How a verb is to go about its work; the questions themselves are in ``FieldOptions``.
struct RunOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("A file of answers, as the wizard saves it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var answers: String?

    @Flag(name: [.long, .customShort("y")], help: "Go ahead without asking.")
    var yes = false

    @Flag(name: .long, help: "Show what would be done and change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Print the plan as a shell script and change nothing.")
    var printCommands = false

    @Option(
        name: [.long, .customShort("o")],
        help: "text, or json: one object a line, the last one the result.")
    var output = Output.text

    @Flag(name: [.long, .short], help: "Show what the tools print.")
    var verbose = false

    @Flag(name: .long, help: "Leave what a failed run did, to look at it; the next run goes on from there.")
    var keepOnFailure = false

    @Option(
        name: .long, help: ArgumentHelp("Save the answers to a file.", valueName: "file"), completion: .file()
    )
    var saveAnswers: String?

    /// What holds where nothing is given.
    static func none() throws -> RunOptions { try parse([]) }

    enum Output: String, CaseIterable, ExpressibleByArgument {
        case text, json

        func reporter(isVerbose: Bool) -> any Reporter {
            self == .json ? JSONReporter() : PlainReporter(isVerbose: isVerbose)
        }
    }
}

/// Which installation is meant: a few of the questions of an install.
struct InstallationOptions: FieldFlags {
    @Option(.context) var context: String?
    @Option(.namespace) var namespace: String?
    @Option(.release) var release: String?
    @Option(.certs) var certs: String?
    @Option(.builder) var builder: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
}

/// How a verb that only looks tells what it has seen.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("A file of answers, as the wizard saves it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var answers: String?

    @Option(name: [.long, .customShort("o")], help: "text, or json: one object.")
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
