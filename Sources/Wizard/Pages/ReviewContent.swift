import Installer
import Terminal

/// The content of the review page: the plan as text, or an equivalent without the wizard.
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
        case .commands: planned(script)
        case .values:
            planned {
                heading("Helm values") + verbatim($0.chartValues ?? "The Helm release is not changed.")
            }
        case .invocation:
            heading("Equivalent command line")
                + ShellLines(invocation, columns: columns).lines.map { Line($0, .accent) }
                + [.empty]
                + Line.wrap(
                    "Add --dry-run to show the plan without making changes.", .muted, columns: columns)
        }
    }

    private var invocation: String {
        guide.verb.commandLine(model.answers, at: model.answers.installation(model.facts))
    }

    /// The lines of the plan, or the reason for its absence.
    private func planned(_ lines: (Plan) -> [Line]) -> [Line] {
        guard !model.isLooking else {
            return [Line("Checking the cluster\(Glyphs.unicode.ellipsis)", .muted)]
        }
        guard !guide.lacksClient(model.answers) else {
            return Line.wrap("A client name is required.", .warning, columns: columns)
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
            return settings(plan) + Line.wrap("Nothing to change.", columns: columns)
                + notes(plan)
        }
        return settings(plan) + heading(plan.title) + numbered(plan) + differences(plan) + notes(plan)
    }

    /// The steps alone, or why there is no plan.
    var steps: [Line] {
        planned { plan in
            plan.steps.isEmpty
                ? Line.wrap("Nothing to change.", columns: columns) : numbered(plan)
        }
    }

    /// What a wide window shows beside a view: the command line beside the plan, and the steps beside the others.
    func beside(_ view: View) -> [Line] {
        view == .plan ? lines(.invocation) : heading("Plan") + steps
    }

    private func script(_ plan: Plan) -> [Line] {
        heading("Equivalent shell commands") + verbatim("\(ShellScript(plan))")
    }

    /// The text of a view, to copy it: the commands of the plan, its values, or the command line.
    func text(_ view: View) -> String {
        let plan = guide.lacksClient(model.answers) ? nil : try? guide.plan(model)
        return switch view {
        case .plan, .invocation: invocation
        case .commands: plan.map { "\(ShellScript($0))" } ?? invocation
        case .values: plan?.chartValues ?? invocation
        }
    }

    private func numbered(_ plan: Plan) -> [Line] {
        let digits = "\(plan.steps.count)".count
        return plan.steps.enumerated().flatMap { index, step in
            let number = "\(index + 1)"
            let head = String(repeating: " ", count: digits - number.count + 2) + number + "  "
            return Line.wrap(after: Line(head, .muted), guide.short(step.title), columns: columns)
        }
    }

    /// The settings: the steps do not show the cluster or the endpoint.
    private func settings(_ plan: Plan) -> [Line] {
        let answers = model.named
        let context = plan.installation.context
        var rows = [
            ("Context", context.isEmpty ? "current context" : context),
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
        guard Field.sans.isAsked(with: answers) else { return "from the existing certificate" }
        return answers.names.map { "\($0)" }.joined(separator: ", ")
    }

    private func differences(_ plan: Plan) -> [Line] {
        guard !plan.differences.isEmpty else { return [] }
        return [.empty, Line("Changes", .heading)]
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
        return [.empty, Line("Notes", .heading)]
            + plan.notes.flatMap { Line.wrap(after: bullet, guide.short($0), columns: columns) }
    }

    private func heading(_ text: String) -> [Line] { [Line(text, .heading), .empty] }

    /// Preformatted text; long lines are wrapped.
    private func verbatim(_ text: String) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            Line.wrap(String($0), columns: columns)
        }
    }
}

extension Plan {
    /// The Helm values; nil if the plan does not change the release.
    fileprivate var chartValues: String? {
        for step in steps {
            if case .changeRelease(let change) = step.action { return change.values.text(indented: true) }
        }
        return nil
    }
}
