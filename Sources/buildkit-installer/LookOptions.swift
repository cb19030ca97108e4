import ArgumentParser
import Installer

/// Which installation is meant: a few of the questions of an install.
struct SiteOptions: FieldFlags {
    @Option(.context) var context: String?
    @Option(.namespace) var namespace: String?
    @Option(.release) var release: String?
    @Option(.certs) var certs: String?
    @Option(.builder) var builder: String?
    @Option(.endpoint) var endpoint: String?
    @Option(.servername) var servername: String?
}

/// How a verb that only looks tells what it has seen.
struct LookOptions: ParsableArguments {
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
