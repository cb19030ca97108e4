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

extension RunState {
    /// The command that takes back the changes that a stopped run has kept; nil where no command does.
    func wayBack(_ answers: Answers) -> NextCommand? {
        if leavesInstallation {
            // The settings of an install are saved at its end, so the builder and the folder are named.
            let flags = plan.installation.flags + answers.flags(of: [.builder, .certs])
            return NextCommand(
                "Or remove the installation",
                (["buildkit-installer uninstall"] + flags).joined(separator: " "))
        }
        guard plan.kind == .upgrade, wasKept, let former = formerRevision else { return nil }
        return NextCommand(
            "Or roll back the release to revision \(former)",
            "\(plan.installation.helm.rollback(to: former, waits: false))")
    }

    /// The revision of the release before the one that the run has created and kept.
    private var formerRevision: Int? {
        let kept = plan.steps.filter { self[$0.id].status != .undone }
        return kept.flatMap { self[$0.id].receipts }.compactMap { receipt -> Int? in
            guard case .revision(let work) = receipt else { return nil }
            return work.returnsTo
        }.last
    }
}
