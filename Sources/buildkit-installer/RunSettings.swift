import Installer

/// How a command runs: the values of its options, without those of the installation.
struct RunSettings: Sendable {
    /// The answers file.
    var answers: String?
    var yes = false
    var dryRun = false
    var checksOnly = false
    var printCommands = false
    var output = OutputFormat.text
    var verbose = false
    var keepOnFailure = false
    /// Where the settings of the installation are saved.
    var saveAnswers: String?

    /// Saves the settings to the file of `--save-answers`; nothing without it.
    func save(_ answers: Answers, of verb: Workflow, home: String) throws(InstallerError) {
        guard let saveAnswers else { return }
        try AnswersFile.save(verb.texts(of: answers), to: saveAnswers, home: home)
    }
}

/// The format of a command's output.
enum OutputFormat: String, CaseIterable {
    case text, json

    func reporter(isVerbose: Bool, _ dependencies: Dependencies) -> any Reporter {
        self == .json
            ? JSONReporter(lines: JSONLines(now: dependencies.now)) : PlainReporter(isVerbose: isVerbose)
    }
}
