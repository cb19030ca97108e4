import Installer
import Terminal

/// What the review page tells: the plan in words, or one of the ways to have the same without the wizard.
struct ReviewContent {
    enum View { case plan, commands, values, invocation }

    private let model: WizardModel
    private let guide: WizardFlow
    private let columns: Int

    init(_ context: PageContext, columns: Int) {
        model = context.model
        guide = context.guide
        self.columns = columns
    }

    func lines(_ view: View) -> [Line] {
        switch view {
        case .plan: planned { words($0) }
        case .commands: planned { heading("The same by hand") + verbatim("\(ShellScript($0))") }
        case .values:
            planned {
                heading("The chart's values") + verbatim($0.chartValues ?? "The chart stays as it is.")
            }
        case .invocation:
            heading("The same without the wizard")
                + ShellLines(invocation, columns: columns).lines.map { Line($0, .accent) }
                + [.empty]
                + Line.wrap(
                    "Add --dry-run to see the plan again, and change nothing.", .muted, columns: columns)
        }
    }

    private var invocation: String {
        guide.verb.commandLine(model.answers, at: model.answers.installation(model.facts))
    }

    /// The lines of the plan, or why there is none.
    private func planned(_ lines: (Plan) -> [Line]) -> [Line] {
        guard !model.isLooking else {
            return [Line("Looking at the cluster \(Glyphs.unicode.ellipsis)", .muted)]
        }
        do throws(PlanRefusal) { return lines(try guide.plan(model)) } catch {
            let failure = error.failure
            return Line.wrap("\(failure.message).", .failure, columns: columns)
                + (failure.detail.map { [.empty] + verbatim($0) } ?? [])
                + (failure.hint.map { [.empty] + Line.wrap($0, columns: columns) } ?? [])
        }
    }

    private func words(_ plan: Plan) -> [Line] {
        guard !plan.steps.isEmpty else {
            return settings(plan) + Line.wrap("Already up to date; no changes.", columns: columns)
                + notes(plan)
        }
        let digits = "\(plan.steps.count)".count
        let steps = plan.steps.enumerated().flatMap { index, step in
            let number = "\(index + 1)"
            let head = String(repeating: " ", count: digits - number.count + 2) + number + "  "
            return Line.wrap(after: Line(head, .muted), guide.short(step.title), columns: columns)
        }
        return settings(plan) + heading(plan.title) + steps + differences(plan) + notes(plan)
    }

    /// What was decided: the steps alone do not tell which cluster they change, or how it will be reached.
    private func settings(_ plan: Plan) -> [Line] {
        let answers = model.answers
        let context = plan.installation.context
        var rows = [
            ("Context", context.isEmpty ? "the current one" : context),
            ("Namespace", plan.installation.namespace), ("Release", plan.installation.release),
        ]
        if guide.verb.asksForValues {
            let address = AddressNotes(answers, model.facts)
            rows += [
                ("Exposure", answers.exposure.rawValue), ("Endpoint", address.dialled),
                ("SANs", sans(answers)), ("Builder", answers.builder),
            ]
        }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.flatMap { label, value in
            Line.wrap(after: Line(Text.pad(label, to: width), .muted), guide.short(value), columns: columns)
        } + [.empty]
    }

    private func sans(_ answers: Answers) -> String {
        guard Field.sans.isAsked(with: answers) else { return "those of the existing certificate" }
        return answers.names.map { "\($0)" }.joined(separator: ", ")
    }

    private func differences(_ plan: Plan) -> [Line] {
        guard !plan.differences.isEmpty else { return [] }
        return [.empty, Line("What changes", .heading)]
            + plan.differences.flatMap { difference in
                let before = Line("  \(difference.what)  ", .plain) + Line(difference.before, .failure)
                let line =
                    before + Line(" \(Glyphs.unicode.right) ", .muted) + Line(difference.after, .success)
                return line.width <= columns
                    ? [line] : Line.wrap("\(difference)", columns: columns, indent: 2)
            }
    }

    private func notes(_ plan: Plan) -> [Line] {
        guard !plan.notes.isEmpty else { return [] }
        let bullet = Line("  \(Glyphs.unicode.bullet)  ", .muted)
        return [.empty, Line("To note", .heading)]
            + plan.notes.flatMap { Line.wrap(after: bullet, guide.short($0), columns: columns) }
    }

    private func heading(_ text: String) -> [Line] { [Line(text, .heading), .empty] }

    /// Text whose line ends count; what is too long goes on in the next row.
    private func verbatim(_ text: String) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            Line.wrap(String($0), columns: columns)
        }
    }
}

extension Plan {
    /// What Helm is given as values; nil where the plan leaves the chart alone.
    fileprivate var chartValues: String? {
        for step in steps {
            if case .changeRelease(let change) = step.action { return change.values.text(indented: true) }
        }
        return nil
    }
}
