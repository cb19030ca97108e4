extension InstallerError {
    /// The field whose value caused it, if one is known. What the proxy pods need is set in the values file.
    public var fieldToChange: Field? {
        hint?.contains(" proxy.") == true ? nil : CauseCode(rawValue: code.rawValue)?.answer
    }
}

/// The command to type after a failed run: the same command with the answer changed that caused the failure.
struct Retry {
    private let failure: InstallerError?
    private let purpose: String

    /// - Parameter purpose: the purpose where no answer has to change: "Try again".
    init(_ failure: InstallerError?, _ purpose: String) {
        self.failure = failure
        self.purpose = purpose
    }

    func command(_ verb: Workflow, _ answers: Answers, at installation: InstallationID) -> NextCommand {
        var changed = answers
        if failure?.code == InstallerError.fieldConflict {
            changed.takeOver = true
            return NextCommand(
                "\(purpose), overwriting these fields", verb.commandLine(changed, at: installation))
        }
        guard let field = failure?.fieldToChange, verb.forms.fields.contains(where: { $0.id == field.id })
        else {
            // The same command would fail again.
            let needsValues = failure?.hint?.contains("(--values)") == true
            return NextCommand(
                needsValues ? "\(purpose) with --values" : purpose,
                verb.commandLine(answers, at: installation))
        }
        switch field.id {
        case Field.security.id where answers.security == .rootless: changed.security = .privileged
        case Field.security.id: changed.security = .rootless
        // Only the user knows the new value; the same command would fail again.
        default:
            try? field.store("", in: &changed)
            let command = verb.commandLine(changed, at: installation)
            return NextCommand(
                "\(purpose) with another --\(field.id)", "\(command) --\(field.id) \(field.id.uppercased())")
        }
        return NextCommand(
            "\(purpose) with another --\(field.id)", verb.commandLine(changed, at: installation))
    }
}
