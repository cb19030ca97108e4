import Installer
import Terminal

/// What was looked at before anything is asked: each check with its verdict, and what mends it.
struct ChecksPage: Page {
    private var selection = ListSelection(count: 0)
    private var contexts: Picker?
    private var note: String?

    let title = "Checks"

    func hints(_ context: Context) -> [KeyHint] {
        guard contexts == nil else { return [KeyHint("Enter", "take"), KeyHint("Esc", "close")] }
        return [
            KeyHint("Enter", "continue"), KeyHint("↑↓", "details"), KeyHint("r", "look again"),
            KeyHint("c", "context"), KeyHint("Esc", "back"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout Model, _ guide: Guide) -> Move {
        selection.count = model.results.count
        guard case .key(let key) = message else { return .stay }
        guard contexts == nil else { return choose(key, &model) }
        note = nil
        switch key {
        case .enter: return .next
        case .escape: return .back
        case .character("r"): return .look
        case .character("c"):
            offerContexts(model)
            return .stay
        default:
            _ = selection.handle(key)
            return .stay
        }
    }

    private mutating func offerContexts(_ model: Model) {
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

    private mutating func choose(_ key: Key, _ model: inout Model) -> Move {
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
    func draw(into frame: inout Frame, _ context: Context) {
        let model = context.model
        let columns = frame.size.columns
        frame.write(summary(model).cut(to: columns), row: 0)
        let detail = self.detail(model, columns: columns)
        let room = max(3, frame.size.rows - 2 - detail.count)
        let (lines, focus) = list(model.results, columns: columns - 1)
        var sight = ListSelection(count: lines.count, index: focus)
        sight.page = room
        frame.write(lines, in: sight.visible(rows: room), row: 2)
        let bottom = frame.size.rows - detail.count
        frame.write(detail, row: bottom)
        contexts?.draw(into: &frame)
    }

    private func summary(_ model: Model) -> Line {
        let name =
            model.answers.context.isEmpty ? model.facts.contexts.value?.current ?? "" : model.answers.context
        let context = Line("Context ", .muted) + Line(name.isEmpty ? "none" : name, .accent)
        return context + Line("   ") + Self.counts(model.results)
    }

    /// "11 passed, 1 warning, 1 failed, 3 to come".
    static func counts(_ results: [CheckResult]) -> Line {
        let marks = results.map { CheckMark($0.verdict) }
        let parts: [(CheckMark, String)] = [
            (.passed, "passed"), (.warning, "to note"), (.failed, "failed"), (.skipped, "skipped"),
            (.pending, "to come"),
        ]
        let shown = parts.compactMap { mark, word in
            let count = marks.count { $0 == mark }
            return count > 0 ? Line("\(count) \(word)", mark.style) : nil
        }
        return shown.reduce(Line.empty) { $0.width == 0 ? $1 : $0 + Line("  ") + $1 }
    }

    private func list(_ results: [CheckResult], columns: Int) -> (lines: [Line], focus: Int) {
        var lines: [Line] = []
        var focus = 0
        var category: Check.Category?
        for (index, result) in results.enumerated() {
            if result.category != category {
                if category != nil { lines.append(.empty) }
                lines.append(Line(result.category.rawValue, .heading))
                category = result.category
            }
            if index == selection.index { focus = lines.count }
            lines.append(row(result, isSelected: index == selection.index, columns: columns))
        }
        return (lines, focus)
    }

    private func row(_ result: CheckResult, isSelected: Bool, columns: Int) -> Line {
        let mark = CheckMark(result.verdict)
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let sentence =
            Line("\(mark.symbol) ", mark.style) + Line(result.sentence, isSelected ? .heading : .plain)
        // The sentence goes first; the evidence is there in full below the list.
        let head = pointer + sentence
        let evidence = Text.cut(result.verdict.short, to: max(8, columns - head.width - 2))
        return head.filled(to: columns, with: Line(evidence, mark.style))
    }

    /// All that is to be said about the selected check.
    private func detail(_ model: Model, columns: Int) -> [Line] {
        if let note { return [.empty] + Line.wrap(note, .warning, columns: columns) }
        guard model.results.indices.contains(selection.index) else { return [] }
        let result = model.results[selection.index]
        let mark = CheckMark(result.verdict)
        let said = Line.wrap(
            after: Line("\(mark.symbol) ", mark.style), result.verdict.sentence, columns: columns)
        let hint = result.verdict.hint.map {
            Line.wrap(after: Line("\(Glyphs.unicode.right) ", .accent), $0, .accent, columns: columns)
        }
        return [.empty] + said + (hint ?? [])
    }
}
