import ArgumentParser
import Installer

/// `buildkit-installer answers`: what helps to write a file of answers by hand.
struct AnswersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Check a file of answers, or print its JSON schema.",
        subcommands: [CheckAnswers.self, PrintSchema.self])
}

/// `buildkit-installer answers check FILE`: all that is wrong with a file of answers.
struct CheckAnswers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say all that is wrong with a file of answers.",
        discussion: """
            The file is looked at alone, without flags and environment, and without a cluster.

            EXIT STATUS
              0 it can be used   1 it cannot be read   64 something in it is wrong
            """)

    @Argument(help: "The file.", completion: .file(extensions: ["json"]))
    var file: String

    @Option(name: [.long, .customShort("o")], help: "text, or json: one object with all that is wrong.")
    var output = RunOptions.Output.text

    func run() throws {
        let resolution = AnswerSources(file: try AnswersFile(readingFrom: file)).resolve()
        let problems = resolution.problems
        if output == .json || !problems.isEmpty { output.reporter(isVerbose: false).problems(problems) }
        guard problems.isEmpty else { throw ExitStatus.badAnswers }
        guard output == .text else { return }
        Console.output.line("\(file) can be used.")
        guard let pages = resolution.pages else { return }
        let asked = Form.all.filter { pages.contains($0.id) }.map(\.title)
        Console.output.line("The wizard asks: \(asked.isEmpty ? "nothing" : asked.joined(separator: ", ")).")
    }
}

/// `buildkit-installer answers schema`: for editors and validators.
struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON schema of a file of answers.")

    func run() { Console.output.line(json: AnswersFile.schema.text(indented: true)) }
}
