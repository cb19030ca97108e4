import Installer
import Terminal

/// The last page before anything is changed: the plan in words, as commands, as values, as one command line.
struct ReviewPage: Page {
    private var view = ReviewContent.View.plan
    private var scroll = Scroll()
    private var path: LineEditor?
    private var note: Line.Span?

    func title(_ model: WizardModel) -> String { "Review" }

    func takesText(_ context: PageContext) -> Bool { path != nil }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard path == nil else { return [KeyHint("Enter", "save"), KeyHint("Esc", "do not save")] }
        let verb = context.guide.verb
        let go = KeyHint(verb.key, context.model.isRehearsal ? "rehearse" : verb.go)
        let values = verb.asksForValues ? [(ReviewContent.View.values, KeyHint("v", "values"))] : []
        let views =
            [(.commands, KeyHint("c", "commands"))] + values + [(.invocation, KeyHint("l", "flags"))]
        return [go] + views.map { $0 == view ? KeyHint($1.key, "plan") : $1 }
            + [KeyHint("s", "save"), KeyHint("Esc", "back"), KeyHint("↑↓", "scroll")]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .saved(let path, let failure):
            let reuse = "buildkit-installer \(guide.verb.id) --answers \(path.shellQuoted)"
            note =
                failure.map { Line.Span(text: "\($0.message).", style: .failure) }
                ?? Line.Span(text: "Saved. Use it with: \(reuse)", style: .success)
            return .stay
        case .paste(let text):
            path?.insert(text)
            return .stay
        case .key(let key):
            guard path == nil else { return name(key, model, guide) }
            note = nil
            return handle(key, model, guide)
        default: return .stay
        }
    }

    private mutating func handle(_ key: Key, _ model: WizardModel, _ guide: WizardFlow) -> Navigation {
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
        case .character(let letter) where String(letter) == guide.verb.key: return begin(model, guide)
        case .enter:
            note = Line.Span(
                text: "Press \(guide.verb.key) to \(model.isRehearsal ? "rehearse" : guide.verb.go).",
                style: .warning)
        default:
            let body = Chrome(size: model.size).body.size
            let text = ReviewContent(PageContext(model: model, guide: guide), columns: body.columns - 2)
            scroll.fit(length: text.lines(view).count, height: room(body, model))
            _ = scroll.handle(key)
        }
        return .stay
    }

    private mutating func begin(_ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        if let obstacle = obstacle(model) {
            note = Line.Span(text: obstacle, style: .warning)
            return .stay
        }
        do throws(PlanRefusal) {
            let plan = try guide.plan(model)
            return .begin(model.isRehearsal ? .rehearse(plan) : .start(plan, guide.verb, model.answers))
        } catch {
            note = Line.Span(text: "\(error.failure.message).", style: .failure)
            return .stay
        }
    }

    /// Why nothing can be begun; nil where it can.
    private func obstacle(_ model: WizardModel) -> String? {
        if model.isLooking { return "Checks still running…" }
        if let problem = model.problems.first { return "\(problem)" }
        let failed = model.results.filter { CheckSymbol($0.verdict) == .failed }
        guard let first = failed.first, !model.isRehearsal else { return nil }
        let count = failed.count == 1 ? "1 check failed" : "\(failed.count) checks failed"
        let more = failed.count > 1 ? ", …" : ""
        return "\(count): \(first.sentence)\(more). The Checks page shows the fix."
    }

    private mutating func name(_ key: Key, _ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        switch key {
        case .enter:
            guard let path = path?.text, !path.isEmpty else { return .stay }
            self.path = nil
            return .perform(.save(guide.verb.texts(of: model.answers), path: path))
        case .escape, .control("c"): path = nil
        default: _ = path?.handle(key)
        }
        return .stay
    }

    private mutating func show(_ view: ReviewContent.View) {
        self.view = view
        scroll = Scroll()
    }
}

// MARK: - Drawing

extension ReviewPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let lines = ReviewContent(context, columns: columns - 2).lines(view)
        var scroll = scroll
        scroll.fit(length: lines.count, height: room(frame.size, context.model))
        frame.write(lines, in: scroll.visible)
        let bottom = frame.size.rows - 1
        if let path {
            let head = "Save the answers to "
            let (shown, column) = path.visible(columns: columns - head.count)
            frame.write(
                Line(head) + Line(Text.pad(shown, to: columns - head.count), .focusedField), row: bottom)
            frame.cursor = Point(column: head.count + column, row: bottom)
        } else {
            let foot = foot(context.model, columns: columns)
            frame.write(foot, row: frame.size.rows - foot.count)
        }
    }

    /// Rows for the text; one keeps the distance to what stands at the foot.
    private func room(_ body: Size, _ model: WizardModel) -> Int {
        max(1, body.rows - 1 - foot(model, columns: body.columns).count)
    }

    /// What stands below the text: what was just said, or how things are.
    private func foot(_ model: WizardModel, columns: Int) -> [Line] {
        if let note { return Line.wrap(note.text, note.style, columns: columns) }
        if let obstacle = obstacle(model) { return Line.wrap(obstacle, .warning, columns: columns) }
        let promise =
            model.isRehearsal ? "Dry run: nothing will be changed." : "Nothing has been changed yet."
        return [Line(promise, .muted)]
    }
}
