import FoundationEssentials
import Installer
import Terminal

/// How a run ended, in words: for the last page and for the plain wizard.
struct Summary {
    private let run: Run
    private let model: Model
    private var answers: Answers { model.answers }

    init(_ run: Run, _ model: Model) {
        self.run = run
        self.model = model
    }

    func lines(columns: Int) -> [Line] {
        if model.isRehearsal { return rehearsed(columns) }
        if let failure = run.failure { return failed(failure, columns) }
        return run.succeeded ? succeeded(columns) : stopped(columns)
    }

    // MARK: It went well

    private func succeeded(_ columns: Int) -> [Line] {
        var rows: [(String, String)] = [("Builder", answers.builder + (answers.use ? ", the current one" : ""))]
        let context = answers.context.isEmpty ? "" : " of \(answers.context)"
        rows.append(("Release", "\(answers.release) in the namespace \(answers.namespace)\(context)"))
        if let folder = files.folder { rows.append(("Files", folder)) }
        if let end = files.end {
            rows.append(("Valid until", "\(Clock.day(end)); the authority until \(files.authorityEnd.map(Clock.day) ?? "then")"))
        }
        let head = verdict("\(run.plan.title): done. A build ran through it.", Glyphs.unicode.done, .success, columns)
        return head + table(rows, columns) + next(columns)
    }

    private func next(_ columns: Int) -> [Line] {
        var commands: [(String, String)] = []
        if answers.exposure == .portForward && answers.endpoint == nil {
            let context = answers.context.isEmpty ? "" : "--context \(answers.context.shellQuoted) "
            commands.append(
                ("Reach it, in another terminal, for as long as you build",
                "kubectl \(context)-n \(answers.namespace) port-forward svc/\(answers.fullname) \(answers.port)"))
        }
        let builder = answers.use ? "" : "--builder \(answers.builder) "
        commands.append(("Build", "docker buildx build \(builder)."))
        return section("What to type next", commands, columns)
    }

    /// Where the certificates are and when they end, as far as the plan made them.
    private var files: (folder: String?, end: Date?, authorityEnd: Date?) {
        for step in run.plan.steps {
            guard case .issueCertificates(let order, let folder) = step.action else { continue }
            let made = run[step.id].endedAt
            return (folder, made.map { $0.later(days: order.days) }, made.map { $0.later(days: order.authorityDays) })
        }
        for step in run.plan.steps {
            if case .register(let registration) = step.action { return (registration.folder, nil, nil) }
        }
        return (nil, nil, nil)
    }

    // MARK: It did not

    private func failed(_ failure: Failure, _ columns: Int) -> [Line] {
        let step = run.plan.steps.first { [.failed, .undone, .undoFailed].contains(run[$0.id].status) && !run[$0.id].lines.isEmpty }
        var lines = verdict("\(failure.message).", Glyphs.unicode.failed, .failure, columns)
        if let detail = failure.detail ?? step.map({ run[$0.id].lines.suffix(6).map(\.text).joined(separator: "\n") }) {
            lines += [Line("What the tool said", .heading)]
            lines += detail.split(separator: "\n").flatMap { Line.wrap(Text.printable($0), .muted, columns: columns, indent: 2) }
            lines.append(.empty)
        }
        if let hint = failure.hint {
            lines += Line.wrap(after: Line("\(Glyphs.unicode.right) ", .accent), hint, .accent, columns: columns) + [.empty]
        }
        return lines + leftover(columns) + again(columns)
    }

    private func stopped(_ columns: Int) -> [Line] {
        verdict("Stopped before the end.", Glyphs.unicode.warning, .warning, columns) + leftover(columns) + again(columns)
    }

    /// What there is of the steps now: undone, kept, or in the way.
    private func leftover(_ columns: Int) -> [Line] {
        guard run.undoFailures.isEmpty else {
            let failures = run.undoFailures.flatMap {
                Line.wrap(after: Line("  \(Glyphs.unicode.failed) ", .failure), $0.message, columns: columns)
            }
            return [Line("Could not be undone", .heading)] + failures + [.empty]
        }
        let isUndone = run.plan.steps.contains { run[$0.id].status == .undone }
        let kept = run.plan.steps.count { run[$0.id].status == .done }
        let text =
            isUndone
            ? "Everything that was done has been undone."
            : kept == 0 ? "Nothing had been changed." : "\(kept) of \(run.plan.steps.count) steps are done and were kept."
        return Line.wrap(text, columns: columns) + [.empty]
    }

    private func again(_ columns: Int) -> [Line] {
        let isKept = run.plan.steps.contains { run[$0.id].status == .done }
        let command = Invocation(answers).lines(columns: columns - 2)
        return [Line(isKept ? "Go on from there" : "Try again", .heading)] + command.map { Line("  \($0)", .accent) }
    }

    private func rehearsed(_ columns: Int) -> [Line] {
        let head = verdict("Rehearsed. Nothing was changed.", Glyphs.unicode.done, .success, columns)
        let steps = run.plan.steps.map { Line("  \(Glyphs.unicode.bullet) \($0.title)") }
        let command = Invocation(answers).lines(columns: columns - 2)
        return head + [Line("These steps would be done", .heading)] + steps
            + [.empty, Line("To do them", .heading)] + command.map { Line("  \($0)", .accent) }
    }
}

// MARK: - Pieces

extension Summary {
    private func verdict(_ text: String, _ symbol: Character, _ style: Style, _ columns: Int) -> [Line] {
        Line.wrap(after: Line("\(symbol) ", style), text, style, columns: columns) + [.empty]
    }

    private func table(_ rows: [(String, String)], _ columns: Int) -> [Line] {
        rows.flatMap { name, text in
            Line.wrap(after: Line("  " + Text.pad(name, to: 14), .muted), text, columns: columns)
        } + [.empty]
    }

    private func section(_ title: String, _ commands: [(String, String)], _ columns: Int) -> [Line] {
        let rows = commands.flatMap { meaning, command in
            Line.wrap("\(meaning):", .muted, columns: columns, indent: 2)
                + Line.wrap(command, .accent, columns: columns, indent: 4)
        }
        return [Line(title, .heading)] + rows
    }
}

extension Date {
    fileprivate func later(days: Int) -> Date { addingTimeInterval(Double(days) * 86400) }
}
