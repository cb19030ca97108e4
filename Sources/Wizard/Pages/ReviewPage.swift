import Installer
import Terminal

/// The last page before anything is changed: the plan in words, as commands, as values, as one command line.
struct ReviewPage: Page {
    private enum View { case plan, commands, values, invocation }

    private var view = View.plan
    private var scroll = Scroll()
    private var path: LineEditor?
    private var note: Line?

    let title = "Review"

    func takesText(_ context: Context) -> Bool { path != nil }

    func hints(_ context: Context) -> [KeyHint] {
        guard path == nil else { return [KeyHint("Enter", "save"), KeyHint("Esc", "do not save")] }
        let go = context.model.isRehearsal ? KeyHint("i", "rehearse") : KeyHint("i", "install")
        let views: [(View, KeyHint)] = [
            (.commands, KeyHint("c", "commands")), (.values, KeyHint("v", "values")),
            (.invocation, KeyHint("l", "one line")),
        ]
        return [go] + views.map { $0 == view ? KeyHint($1.key, "plan") : $1 }
            + [KeyHint("s", "save"), KeyHint("Esc", "back"), KeyHint("↑↓", "scroll")]
    }

    mutating func update(_ message: Message, _ model: inout Model, _ guide: Guide) -> Move {
        switch message {
        case .saved(let path, let failure):
            note =
                failure.map { Line("\($0.message).", .failure) }
                ?? Line("Saved. ", .success)
                + Line("buildkit-installer install --answers \(path.shellQuoted)")
            return .stay
        case .paste(let text):
            path?.insert(text)
            return .stay
        case .key(let key):
            guard path == nil else { return name(key, model) }
            note = nil
            return handle(key, model, guide)
        default: return .stay
        }
    }

    private mutating func handle(_ key: Key, _ model: Model, _ guide: Guide) -> Move {
        switch key {
        case .escape:
            guard view == .plan else {
                show(.plan)
                return .stay
            }
            return .back
        case .character("c"): show(view == .commands ? .plan : .commands)
        case .character("v"): show(view == .values ? .plan : .values)
        case .character("l"): show(view == .invocation ? .plan : .invocation)
        case .character("s"): path = LineEditor("\(model.answers.release)-answers.json")
        case .character("i"): return begin(model, guide)
        case .enter: note = Line("Press i to \(model.isRehearsal ? "rehearse" : "install").", .warning)
        default:
            let body = Chrome(size: model.size).body.size
            scroll.fit(
                length: lines(Context(model: model, guide: guide), columns: body.columns).count,
                height: room(body))
            _ = scroll.handle(key)
        }
        return .stay
    }

    private mutating func begin(_ model: Model, _ guide: Guide) -> Move {
        if let obstacle = obstacle(model) {
            note = Line(obstacle, .warning)
            return .stay
        }
        let plan = guide.plan(model.answers, model.facts)
        return .begin(model.isRehearsal ? .rehearse(plan) : .start(plan))
    }

    /// Why nothing can be begun; nil where it can.
    private func obstacle(_ model: Model) -> String? {
        if model.isLooking { return "Not everything has been looked at yet." }
        if let problem = model.problems.first { return "\(problem)" }
        let failed = model.results.filter { CheckMark($0.verdict) == .failed }
        guard let first = failed.first, !model.isRehearsal else { return nil }
        let more = failed.count > 1 ? ", and \(failed.count - 1) more" : ""
        return "A check failed: \(first.sentence)\(more). Go back to the checks to see what mends it."
    }

    private mutating func name(_ key: Key, _ model: Model) -> Move {
        switch key {
        case .enter:
            guard let path = path?.text, !path.isEmpty else { return .stay }
            self.path = nil
            return .perform(.save(model.answers, path: path))
        case .escape, .control("c"): path = nil
        default: _ = path?.handle(key)
        }
        return .stay
    }

    private mutating func show(_ view: View) {
        self.view = view
        scroll = Scroll()
    }
}

// MARK: - Drawing

extension ReviewPage {
    func draw(into frame: inout Frame, _ context: Context) {
        let columns = frame.size.columns
        let lines = lines(context, columns: columns - 2)
        var scroll = scroll
        scroll.fit(length: lines.count, height: room(frame.size))
        frame.write(lines, in: scroll.visible)
        let bottom = frame.size.rows - 1
        if let path {
            let head = "Save the answers to "
            let (shown, column) = path.visible(columns: columns - head.count)
            frame.write(
                Line(head) + Line(Text.pad(shown, to: columns - head.count), .focusedField), row: bottom)
            frame.cursor = Point(column: head.count + column, row: bottom)
        } else {
            frame.write((note ?? standing(context.model)).cut(to: columns), row: bottom)
        }
    }

    /// Rows for the text; one is for a note, and one keeps the distance.
    private func room(_ body: Size) -> Int { max(1, body.rows - 2) }

    private func standing(_ model: Model) -> Line {
        if let obstacle = obstacle(model) { return Line(obstacle, .warning) }
        let promise =
            model.isRehearsal ? "A rehearsal: nothing will be changed." : "Nothing has been changed yet."
        return Line(promise, .muted)
    }

    private func lines(_ context: Context, columns: Int) -> [Line] {
        let model = context.model
        switch view {
        case .plan: return plan(context, columns: columns)
        case .commands:
            let script = Script(context.guide.plan(model.answers, model.facts))
            return heading("The same by hand") + verbatim("\(script)", columns: columns)
        case .values:
            let values = context.guide.plan(model.answers, model.facts).chartValues
            return heading("The chart's values")
                + verbatim(values ?? "The chart stays as it is.", columns: columns)
        case .invocation:
            let command = ShellLines(model.answers.commandLine, columns: columns).lines
            return heading("The same without the wizard") + command.map { Line($0, .accent) } + [.empty]
                + Line.wrap(
                    "Add --dry-run to see the plan again, and change nothing.", .muted, columns: columns)
        }
    }

    private func heading(_ text: String) -> [Line] { [Line(text, .heading), .empty] }

    /// Text whose line ends count; what is too long goes on in the next row.
    private func verbatim(_ text: String, columns: Int) -> [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            Line.wrap(String($0), columns: columns)
        }
    }

    private func plan(_ context: Context, columns: Int) -> [Line] {
        let model = context.model
        guard !model.isLooking else {
            return [Line("Looking at the cluster \(Glyphs.unicode.ellipsis)", .muted)]
        }
        let plan = context.guide.plan(model.answers, model.facts)
        guard !plan.steps.isEmpty else {
            return Line.wrap("Everything is as it should be; there is nothing to do.", columns: columns)
                + notes(plan, context, columns: columns)
        }
        let digits = "\(plan.steps.count)".count
        let steps = plan.steps.enumerated().flatMap { index, step in
            let number = "\(index + 1)"
            let head = String(repeating: " ", count: digits - number.count + 2) + number + "  "
            return Line.wrap(after: Line(head, .muted), context.guide.short(step.title), columns: columns)
        }
        return heading(plan.title) + steps + notes(plan, context, columns: columns)
    }

    private func notes(_ plan: Plan, _ context: Context, columns: Int) -> [Line] {
        guard !plan.notes.isEmpty else { return [] }
        return [.empty, Line("To note", .heading)]
            + plan.notes.flatMap {
                Line.wrap(
                    after: Line("  \(Glyphs.unicode.bullet)  ", .muted), context.guide.short($0),
                    columns: columns)
            }
    }
}

extension Plan {
    /// What Helm is given as values; nil where the plan leaves the chart alone.
    fileprivate var chartValues: String? {
        for step in steps {
            if case .run(let command) = step.action, command.tool == .helm, let values = command.input {
                return values
            }
        }
        return nil
    }
}
