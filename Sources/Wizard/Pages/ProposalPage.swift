import Installer
import Terminal

/// The proposed run on one card: every setting with its value and reason, and buttons to start it or to change it.
///
/// With one usable cluster, Enter on this page is all that an install takes.
struct ProposalPage: Page {
    private enum Button: CaseIterable { case start, customize, plan, quit }

    private enum Focus: Equatable {
        case row(Int)
        case button(Button)
    }

    private var focus = Focus.button(.start)
    private var consent = PlanConsent()

    func title(_ context: PageContext) -> String { context.guide.verb.heading }

    func takesText(_ context: PageContext) -> Bool { consent.typed != nil }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard consent.typed == nil else { return [KeyHint("Enter", "confirm"), KeyHint("Esc", "cancel")] }
        let enter: String
        let copy: String
        switch focus {
        case .row: (enter, copy) = ("edit", "copy value")
        case .button(let button): (enter, copy) = (name(of: button, context).lowercased(), "copy")
        }
        return [
            KeyHint("Enter", enter), KeyHint("c", "checks"), KeyHint("p", "plan"),
            KeyHint("←→", "choose"), KeyHint("↑↓", "edit a line"), KeyHint("y", copy),
            KeyHint("Esc", "back"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .paste(let text): consent.insert(text)
        case .copied: consent.say(Line.Span(text: "Copied to the clipboard.", style: .success))
        case .key(let key) where consent.typed != nil: return consent.handle(key, model, guide)
        case .key(let key):
            consent.say(nil)
            return handle(key, PageContext(model: model, guide: guide))
        case .click(let id): return click(id, PageContext(model: model, guide: guide))
        default: break
        }
        return .stay
    }

    private mutating func handle(_ key: Key, _ context: PageContext) -> Navigation {
        switch key {
        case .enter: return press(context)
        case .left, .right, .tab, .backTab: focus = .button(next(key == .left || key == .backTab ? -1 : 1))
        case .up, .down: move(key == .up ? -1 : 1, rows: Proposal(context).rows.count)
        case .escape: return .back
        case .character("c"): return .next
        case .character("p"): return .show(.review)
        case .character("q"): return .quit
        case .character("e"): return edit(context)
        case .character("y"): return copy(context)
        case .character(let letter) where String(letter) == context.guide.verb.key:
            return consent.begin(context.model, context.guide)
        case .character("r"): return .look
        default: break
        }
        return .stay
    }

    private func next(_ step: Int) -> Button {
        let all = Button.allCases
        guard case .button(let button) = focus, let index = all.firstIndex(of: button) else { return .start }
        return all[(index + step + all.count) % all.count]
    }

    /// The buttons are below the last row.
    private mutating func move(_ step: Int, rows: Int) {
        let index: Int
        switch focus {
        case .row(let row): index = row + step
        case .button: index = rows + step
        }
        focus = (0..<rows).contains(index) ? .row(index) : index < 0 ? .row(0) : .button(.start)
    }

    private mutating func press(_ context: PageContext) -> Navigation {
        switch focus {
        case .row: return edit(context)
        case .button(.start):
            return isBlocked(context) ? .look : consent.begin(context.model, context.guide)
        case .button(.customize): return .next
        case .button(.plan): return .show(.review)
        case .button(.quit): return .quit
        }
    }

    private func edit(_ context: PageContext) -> Navigation {
        guard case .row(let index) = focus else { return .next }
        let rows = Proposal(context).rows
        guard rows.indices.contains(index), let field = rows[index].field else { return .stay }
        return .edit(field)
    }

    /// The value of the selected line, or all of them as a command line.
    private func copy(_ context: PageContext) -> Navigation {
        let model = context.model
        guard case .row(let index) = focus else {
            let installation = model.answers.installation(model.facts)
            return .perform(.copy(context.guide.verb.commandLine(model.answers, at: installation)))
        }
        let rows = Proposal(context).rows
        guard rows.indices.contains(index), !rows[index].value.isEmpty else { return .stay }
        return .perform(.copy(rows[index].whole ?? rows[index].value))
    }

    mutating func leave(_ model: inout WizardModel) { consent = PlanConsent() }

    private mutating func click(_ id: String, _ context: PageContext) -> Navigation {
        guard consent.typed == nil else { return .stay }
        if let row = id.number(after: "row ") {
            focus = .row(row)
            return edit(context)
        }
        guard let index = id.number(after: "button "), Button.allCases.indices.contains(index) else {
            return .stay
        }
        focus = .button(Button.allCases[index])
        return press(context)
    }
}

// MARK: - Drawing

extension ProposalPage {
    var paneFrom: Int? { Layout.medium }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        [Line("Plan", .heading), .empty] + ReviewContent(context, columns: columns).steps
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let foot = foot(context, columns: columns)
        let bottom = frame.size.rows - foot.count - (consent.typed == nil ? 0 : 1)
        frame.write(foot, row: bottom)
        let buttons = bottom - 2
        draw(buttonsAt: buttons, into: &frame, context)
        // In a low window, a row of the card is worth more than the details of a check.
        let head = CheckCounts(context.model).lines(columns: columns, hasDetail: true)
            .prefix(max(1, buttons - 4))
        frame.write(head)
        let top = head.count + 1
        draw(Proposal(context).rows, rows: top..<max(top, buttons - 1), into: &frame)
        consent.draw(into: &frame, row: frame.size.rows - 1)
    }

    /// The last message, or what prevents the start.
    private func foot(_ context: PageContext, columns: Int) -> [Line] {
        let model = context.model
        if consent.typed != nil { return consent.question(model, context.guide, columns: columns) }
        if let note = consent.note { return Line.wrap(note.text, note.style, columns: columns) }
        if let obstacle = PlanConsent.obstacle(model, context.guide) {
            return Line.wrap(obstacle, .warning, columns: columns)
        }
        do throws(PlanRefusal) {
            let plan = try context.guide.plan(model)
            let steps = plan.steps.count == 1 ? "1 step" : "\(plan.steps.count) steps"
            let text = plan.steps.isEmpty ? "Nothing to change." : "\(steps). \(model.promise)"
            return [Line(text, .muted)]
        } catch { return Line.wrap("\(error.failure.message).", .failure, columns: columns) }
    }

    private func draw(_ rows: [Proposal.Row], rows room: Range<Int>, into frame: inout Frame) {
        let focused: Int? = if case .row(let index) = focus { index } else { nil }
        let label = min(rows.map { Text.width($0.label) }.max() ?? 0, 16) + 2
        // The reasons explain the values, so they get the larger part of the room; a longer value overruns its column,
        // and one without a reason needs none.
        let most = max(12, frame.size.columns * 3 / 10)
        let value =
            rows.filter { !$0.reason.isEmpty }.map { Text.width($0.value) }.filter { $0 <= most }.max() ?? 0
        let sight = ListSelection(count: rows.count, index: focused ?? 0).visible(rows: room.count)
        let lines = rows.enumerated().map { index, row in
            let isFocused = index == focused
            let pointer = Line(isFocused ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
            let head = pointer + Line(Text.pad(row.label, to: label), isFocused ? .heading : .muted)
            let reason = row.reason.isEmpty ? Line.empty : Line("  \(row.reason)", .muted)
            // A long value may use what a short reason leaves.
            let room = max(value, frame.size.columns - 1 - head.width - reason.width)
            let shown = Text.cut(row.value, to: room)
            return
                (head
                + Line(Text.pad(shown, to: max(value, Text.width(shown))), isFocused ? .selected : .plain)
                + reason)
                .cut(to: frame.size.columns - 1)
        }
        frame.write(lines, in: sight, row: room.lowerBound)
        for (offset, index) in sight.enumerated() {
            frame.mark(
                Rect(column: 0, row: room.lowerBound + offset, columns: frame.size.columns, rows: 1),
                as: "row \(index)")
        }
    }

    private func draw(buttonsAt row: Int, into frame: inout Frame, _ context: PageContext) {
        let isNarrow = frame.size.columns < 60
        var column = isNarrow ? 0 : 2
        for (index, button) in Button.allCases.enumerated() {
            let name = " \(name(of: button, context)) "
            let isFocused = focus == .button(button)
            let width = frame.write(
                isFocused
                    ? "\(Glyphs.unicode.buttonStart)\(name)\(Glyphs.unicode.buttonEnd)" : " \(name) ",
                at: Point(column: column, row: row),
                style: isFocused ? .focusedButton : .button)
            frame.mark(Rect(column: column, row: row, columns: width, rows: 1), as: "button \(index)")
            column += width + (isNarrow ? 0 : 2)
        }
    }

    /// Nothing can be started: the user repairs something, and the checks run again.
    private func isBlocked(_ context: PageContext) -> Bool {
        !PlanConsent.failedChecks(context.model).isEmpty
    }

    private func name(of button: Button, _ context: PageContext) -> String {
        switch button {
        case .start where isBlocked(context): "Check again"
        case .start: context.model.isRehearsal ? "Dry run" : context.guide.verb.title
        case .customize: "Customize"
        case .plan: "Show plan"
        case .quit: "Quit"
        }
    }
}

extension String {
    /// The number that follows a prefix.
    func number(after prefix: String) -> Int? { hasPrefix(prefix) ? Int(dropFirst(prefix.count)) : nil }
}
