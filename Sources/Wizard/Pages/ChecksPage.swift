import Installer
import Terminal

/// What was looked at before anything is asked: each check with its verdict, and what mends it.
struct ChecksPage: Page {
    private var selection = ListSelection(count: 0)
    private var contexts: Picker?
    private var note: String?
    /// Whether the user has looked for a check; until then the first one that failed is shown.
    private var hasMoved = false

    func title(_ model: WizardModel) -> String { "Checks" }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard contexts == nil else { return [KeyHint("Enter", "take"), KeyHint("Esc", "close")] }
        return [
            KeyHint("Enter", "continue"), KeyHint("↑↓", "details"), KeyHint("r", "look again"),
            KeyHint("c", "context"), KeyHint("Esc", "back"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        selection.count = model.results.count
        guard case .key(let key) = message else { return .stay }
        guard contexts == nil else { return choose(key, &model) }
        note = nil
        switch key {
        case .enter:
            // A context that was refused is not used, and the page has said so.
            model.drop(Form.cluster.fields.compactMap { model.problem(of: $0.id) })
            return .next
        case .escape: return .back
        case .character("r"): return .look
        case .character("c"):
            offerContexts(model)
            return .stay
        default:
            selection.index = selected(model)
            if selection.handle(key) { hasMoved = true }
            return .stay
        }
    }

    private func selected(_ model: WizardModel) -> Int {
        guard !hasMoved else { return selection.index }
        return model.results.firstIndex { CheckSymbol($0.verdict) == .failed }
            ?? model.results.firstIndex { CheckSymbol($0.verdict) == .warning } ?? 0
    }

    private mutating func offerContexts(_ model: WizardModel) {
        guard let known = model.facts.contexts.value, !known.names.isEmpty else {
            note =
                model.facts.contexts.isPending
                ? "The contexts are not known yet."
                : "No kubeconfig was found, so there is no context to choose."
            return
        }
        contexts = Picker(
            title: "Context",
            items: known.names.map { Picker.Item(value: $0, detail: $0 == known.current ? "current" : "") },
            chosen: model.answers.context.isEmpty ? known.current : model.answers.context)
    }

    private mutating func choose(_ key: Key, _ model: inout WizardModel) -> Navigation {
        let result = contexts?.handle(key)
        if result == .open { return .stay }
        contexts = nil
        guard case .chosen(let name) = result, let field = Field.named("context") else { return .stay }
        model.store(name, for: field)
        return .look
    }
}

// MARK: - Drawing

extension ChecksPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let model = context.model
        let columns = frame.size.columns
        frame.write(summary(model, columns: columns), row: 0)
        // Below the summary and an empty row; the list keeps one row at least.
        let rows = max(1, frame.size.rows - 2)
        let detail = self.detail(model, columns: columns).prefix(rows - 1)
        let room = rows - detail.count
        let (lines, focus) = list(model, columns: columns - 2)
        let sight = ListSelection(count: lines.count, index: focus).visible(rows: room)
        frame.write(lines, in: sight, row: 2)
        let bottom = frame.size.rows - detail.count
        frame.write(detail, row: bottom)
        contexts?.draw(into: &frame)
    }

    /// Where there is little room, a long context is cut before the counts are.
    private func summary(_ model: WizardModel, columns: Int) -> Line {
        let name =
            model.answers.context.isEmpty ? model.facts.contexts.value?.current ?? "" : model.answers.context
        let context = Line("Context ", .muted) + Line(name.isEmpty ? "none" : name, .accent)
        let counts = counts(model.results)
        return context.cut(to: max(16, columns - counts.width - 3)) + Line("   ") + counts
    }

    /// "3 to come, 11 passed, 1 to note, 1 failed": first what tells whether the others are final, since the end is
    /// out of sight in a narrow window.
    private func counts(_ results: [CheckResult]) -> Line {
        let marks = results.map { CheckSymbol($0.verdict) }
        let parts: [(CheckSymbol, String)] = [
            (.pending, "to come"), (.passed, "passed"), (.warning, "to note"), (.failed, "failed"),
            (.skipped, "skipped"),
        ]
        let shown = parts.compactMap { mark, word in
            let count = marks.count { $0 == mark }
            return count > 0 ? Line("\(count) \(word)", mark.style) : nil
        }
        return shown.reduce(Line.empty) { $0.width == 0 ? $1 : $0 + Line("  ") + $1 }
    }

    private func list(_ model: WizardModel, columns: Int) -> (lines: [Line], focus: Int) {
        let selected = selected(model)
        var lines: [Line] = []
        var focus = 0
        var category: Check.Category?
        for (index, result) in model.results.enumerated() {
            if result.category != category {
                if category != nil { lines.append(.empty) }
                lines.append(Line(result.category.heading, .heading))
                category = result.category
            }
            if index == selected { focus = lines.count }
            lines.append(row(result, isSelected: index == selected, columns: columns))
        }
        return (lines, focus)
    }

    private func row(_ result: CheckResult, isSelected: Bool, columns: Int) -> Line {
        let mark = CheckSymbol(result.verdict)
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let sentence =
            Line("\(mark.symbol) ", mark.style) + Line(result.sentence, isSelected ? .heading : .plain)
        // The sentence goes first; the evidence is there in full below the list.
        let head = pointer + sentence
        let evidence = Text.cut(result.verdict.short, to: max(8, columns - head.width - 2))
        return head.filled(to: columns, with: Line(evidence, mark.style))
    }

    /// All that is to be said about the selected check; for most checks as many lines, so that the list
    /// stands still.
    private func detail(_ model: WizardModel, columns: Int) -> [Line] {
        let rule = Line(String(repeating: Glyphs.unicode.horizontal, count: columns), .muted)
        let said = said(model, columns: columns)
        return [rule] + said + Array(repeating: .empty, count: max(0, 3 - said.count))
    }

    private func said(_ model: WizardModel, columns: Int) -> [Line] {
        if let problem = Form.cluster.fields.lazy.compactMap({ model.problem(of: $0.id) }).first {
            return Line.wrap(
                after: Line("\(Glyphs.unicode.failed) ", .failure), problem.sentence, columns: columns)
        }
        if let note { return Line.wrap(note, .warning, columns: columns) }
        // A login waits for an answer, and the checks wait for the login.
        if model.facts.server.isPending, !model.facts.loginWords.isEmpty {
            return model.facts.loginWords.suffix(3).flatMap { Line.wrap($0, .warning, columns: columns) }
        }
        let selected = selected(model)
        guard model.results.indices.contains(selected) else { return [] }
        let result = model.results[selected]
        let mark = CheckSymbol(result.verdict)
        let said = Line.wrap(
            after: Line("\(mark.symbol) ", mark.style), result.verdict.sentence, columns: columns)
        let hint = result.verdict.hint.map {
            Line.wrap(after: Line("\(Glyphs.unicode.right) ", .accent), $0, .accent, columns: columns)
        }
        return said + (hint ?? [])
    }
}
