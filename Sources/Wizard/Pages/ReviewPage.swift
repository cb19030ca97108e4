import Installer
import Terminal

/// The last page before any change: the plan as text, as commands, as Helm values, or as a command line.
struct ReviewPage: Page {
    private var view = ReviewContent.View.plan
    private var scroll = Scroll()
    private var path: LineEditor?
    private var consent = PlanConsent()

    func title(_ context: PageContext) -> String { "Review" }

    func takesText(_ context: PageContext) -> Bool { path != nil || consent.typed != nil }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard path == nil else { return [KeyHint("Enter", "save"), KeyHint("Esc", "cancel")] }
        guard consent.typed == nil else { return [KeyHint("Enter", "confirm"), KeyHint("Esc", "cancel")] }
        let verb = context.guide.verb
        let go = KeyHint(verb.key, context.model.isRehearsal ? "dry run" : verb.go)
        let values = verb.asksForValues ? [(ReviewContent.View.values, KeyHint("v", "values"))] : []
        let views =
            [(.commands, KeyHint("c", "commands"))] + values + [(.invocation, KeyHint("f", "flags"))]
        return [go] + views.map { $0 == view ? KeyHint($1.key, "plan") : $1 }
            + [KeyHint("s", "save"), KeyHint("y", "copy"), KeyHint("Esc", "back"), KeyHint("↑↓", "scroll")]
    }

    mutating func leave(_ model: inout WizardModel) { (consent, path) = (PlanConsent(), nil) }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .saved(let path, let failure):
            let reuse = "buildkit-installer \(guide.verb.id) --answers \(path.shellQuoted)"
            consent.say(
                failure.map { Line.Span(text: "\($0.message).", style: .failure) }
                    ?? Line.Span(text: "Saved. Use it with: \(reuse)", style: .success))
            return .stay
        case .copied:
            consent.say(Line.Span(text: "Copied to the clipboard.", style: .success))
            return .stay
        case .paste(let text):
            path?.insert(text)
            consent.insert(text)
            return .stay
        case .key(let key):
            guard path == nil else { return name(key, model, guide) }
            guard consent.typed == nil else { return consent.handle(key, model, guide) }
            consent.say(nil)
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
        case .character("f"): show(view == .invocation ? .plan : .invocation)
        case .character("y"):
            return .perform(
                .copy(ReviewContent(PageContext(model: model, guide: guide), columns: 0).text(view)))
        case .character("s"): path = LineEditor("\(model.answers.release)-answers.json")
        case .character(let letter) where String(letter) == guide.verb.key: return consent.begin(model, guide)
        case .enter:
            consent.say(
                Line.Span(
                    text:
                        "Press \(guide.verb.key) to \(model.isRehearsal ? "start the dry run" : guide.verb.go).",
                    style: .warning))
        default:
            let body = model.body
            let context = PageContext(model: model, guide: guide)
            let text = ReviewContent(context, columns: body.columns - 2)
            scroll.fit(length: text.lines(view).count, height: room(body, context))
            _ = scroll.handle(key)
        }
        return .stay
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
    var paneFrom: Int? { Layout.wide }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        ReviewContent(context, columns: columns).beside(view)
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let lines = ReviewContent(context, columns: columns - 2).lines(view)
        var scroll = scroll
        scroll.fit(length: lines.count, height: room(frame.size, context))
        frame.write(lines, in: scroll.visible)
        let bottom = frame.size.rows - 1
        if let path {
            let head = "Save the settings to "
            let (shown, column) = path.visible(columns: columns - head.count)
            frame.write(
                Line(head) + Line(Text.pad(shown, to: columns - head.count), .focusedField), row: bottom)
            frame.cursor = Point(column: head.count + column, row: bottom)
        } else {
            let foot = foot(context, columns: columns)
            frame.write(foot, row: frame.size.rows - foot.count)
            consent.draw(into: &frame, row: bottom)
        }
    }

    /// Rows for the text; one row separates it from the footer.
    private func room(_ body: Size, _ context: PageContext) -> Int {
        max(1, body.rows - 1 - foot(context, columns: body.columns).count)
    }

    /// The line below the text: the last message, or the state.
    private func foot(_ context: PageContext, columns: Int) -> [Line] {
        let model = context.model
        guard consent.typed == nil else {
            return consent.question(model, context.guide, columns: columns) + [.empty]
        }
        if let note = consent.note { return Line.wrap(note.text, note.style, columns: columns) }
        if let obstacle = PlanConsent.obstacle(model, context.guide) {
            return Line.wrap(obstacle, .warning, columns: columns)
        }
        return [Line(model.promise, .muted)]
    }
}
