import ArgumentParser
import Installer

/// `buildkit-installer answers`: validation and schema of answers files.
struct AnswersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Validate an answers file, or print its JSON schema.",
        discussion: Discussion.text(
            "An answers file is a JSON object with the settings of the wizard. Its keys are the names of the flags.",
            examples: ["answers check answers.json", "answers schema > answers.schema.json"],
            statuses: [.done, .badUsage, .noInput]),
        subcommands: [CheckAnswers.self, PrintSchema.self])
}

/// `buildkit-installer answers check FILE`: reports all errors in an answers file.
struct CheckAnswers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report every error in an answers file.",
        discussion: Discussion.text(
            "Only the file is read: no flags, no environment variables, no cluster.",
            examples: ["answers check answers.json", "answers check answers.json --output json"],
            statuses: [.done, .badUsage, .noInput], meanings: [.done: "The file is valid."]))

    @Argument(
        help: ArgumentHelp("The answers file.", valueName: "file"), completion: .file(extensions: ["json"]))
    var file: String

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp(
            "Output format: text, or json (one object with every error).", valueName: "text|json"))
    var output = OutputFormat.text

    func run() throws {
        let resolution = AnswerSources(file: try AnswersFile(readingFrom: file)).resolve()
        let problems = resolution.problems
        output.reporter(isVerbose: false, try Dependencies.live()).problems(problems)
        guard problems.isEmpty else { throw ExitStatus.badUsage }
        guard output == .text else { return }
        Console.output.line("\(file) is valid.")
        guard let pages = resolution.pages else { return }
        let asked = Form.all.filter { pages.contains($0.id) }.map(\.title)
        Console.output.line("Wizard pages shown: \(asked.isEmpty ? "none" : asked.joined(separator: ", ")).")
    }
}

/// `buildkit-installer answers schema`: prints the schema for editors and validators.
struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of an answers file.",
        discussion: Discussion.text(
            "Same as `schema answers`.",
            examples: ["answers schema", "answers schema > answers.schema.json"], statuses: [.done]))

    func run() { Console.output.line(json: AnswersFile.schema.text(indented: true)) }
}

/// `buildkit-installer schema`: prints the schemas of input and output.
struct SchemaCommand: ParsableCommand {
    enum Document: String, CaseIterable, ExpressibleByArgument { case answers, output }

    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of answers files or of --output json.",
        discussion: Discussion.text(
            "The schemas follow JSON Schema draft 2020-12. The output schema describes one line.",
            examples: ["schema answers > answers.schema.json", "schema output > output.schema.json"],
            statuses: [.done, .badUsage]))

    @Argument(help: ArgumentHelp("Schema: answers or output.", valueName: "answers|output"))
    var document: Document

    func run() {
        let schema =
            switch document {
            case .answers: AnswersFile.schema
            case .output: OutputSchema.schema
            }
        Console.output.line(schema.text(indented: true))
    }
}
