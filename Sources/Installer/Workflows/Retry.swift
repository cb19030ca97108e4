/// What to type after a run that failed: the same again, with the answer changed that it failed of.
struct Retry {
    private let code: ErrorCode?
    private let purpose: String

    /// - Parameter purpose: what it is for where nothing has to be changed: "Try again".
    init(_ failure: InstallerError?, _ purpose: String) {
        code = failure?.code
        self.purpose = purpose
    }

    func command(_ verb: Workflow, _ answers: Answers, at installation: InstallationID) -> NextCommand {
        var changed = answers
        if code == InstallerError.fieldConflict {
            changed.takeOver = true
            return NextCommand(
                "\(purpose), and take these fields over", verb.commandLine(changed, at: installation))
        }
        guard let field = code.flatMap({ CauseCode(rawValue: $0.rawValue) })?.answer,
            verb.forms.fields.contains(where: { $0.id == field.id })
        else { return NextCommand(purpose, verb.commandLine(answers, at: installation)) }
        switch field.id {
        case Field.security.id where answers.security == .rootless: changed.security = .privileged
        case Field.security.id: changed.security = .rootless
        // What to put there only the user knows; the same again would fail again.
        default:
            return NextCommand(
                "\(purpose) with another --\(field.id)", verb.commandLine(answers, at: installation))
        }
        return NextCommand(
            "\(purpose) with another --\(field.id)", verb.commandLine(changed, at: installation))
    }
}
