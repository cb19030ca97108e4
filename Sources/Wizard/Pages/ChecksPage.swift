import Installer
import Terminal

/// The checks: each with its verdict and fix.
struct ChecksPage: Page {
    /// By the checks' ids; the cursor is on the first failed one until the user moves it.
    private var list = FilterList<Check.ID>()
    private var contexts: Picker?
    private var note: Line.Span?

    func title(_ context: PageContext) -> String { "Checks" }

    /// The list of contexts has a filter, too.
    func takesText(_ context: PageContext) -> Bool { contexts != nil || list.isOpen }

    mutating func leave(_ model: inout WizardModel) {
        contexts = nil
        list.close()
    }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard contexts == nil else { return [KeyHint("Enter", "select"), KeyHint("Esc", "close")] }
        guard !list.isOpen else { return list.hints }
        let fix = fix(context.model) == nil ? [] : [KeyHint("y", "copy fix")]
        return [
            KeyHint("Enter", "continue"), KeyHint("↑↓", "details"), KeyHint("r", "re-run"),
            KeyHint("c", "context"), KeyHint("Esc", "back"),
        ] + fix + [KeyHint("/", "filter")]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        if case .click(let id) = message { return click(id, &model) }
        if message == .copied { note = Line.Span(text: "Copied to the clipboard.", style: .success) }
        guard case .key(let key) = message else { return .stay }
        guard contexts == nil else { return take(contexts?.handle(key), &model) }
        note = nil
        guard !list.isOpen else {
            move(key, model)
            return .stay
        }
        switch key {
        case .enter, .control("n"):
            // A rejected context is not used; the page has reported it.
            model.drop(Form.cluster.fields.compactMap { model.problem(of: $0.id) })
            return .next
        case .escape: return .back
        case .character("r"): return .look
        case .character("y"): return fix(model).map { .perform(.copy($0)) } ?? .stay
        case .character("c"):
            offerContexts(model)
            return .stay
        default:
            move(key, model)
            return .stay
        }
    }

    private mutating func move(_ key: Key, _ model: WizardModel) {
        let shown = shown(model)
        list.handle(key, in: shown.map(\.id), usual: Self.worst(of: shown))
    }

    /// The checks in sight, by their name and their verdict. Those of a category are together, under one heading.
    private func shown(_ model: WizardModel) -> [CheckResult] {
        let grouped = Check.Category.allCases.flatMap { category in
            model.results.filter { $0.category == category }
        }
        return list.shown(of: grouped) { "\($0.sentence) \($0.verdict.word)" }
    }

    private static func worst(of results: [CheckResult]) -> Check.ID? {
        let worst =
            results.first { CheckSymbol($0.verdict) == .failed }
            ?? results.first { CheckSymbol($0.verdict) == .warning }
        return worst?.id
    }

    private func selected(_ model: WizardModel) -> CheckResult? {
        let shown = shown(model)
        let index = list.selection(in: shown.map(\.id), usual: Self.worst(of: shown)).index
        return shown.indices.contains(index) ? shown[index] : nil
    }

    /// The fix of the selected check.
    private func fix(_ model: WizardModel) -> String? { Fix(selected(model)?.verdict.hint)?.copied }

    private mutating func offerContexts(_ model: WizardModel) {
        contexts = Picker(contextsOf: model)
        guard contexts == nil else { return }
        let text =
            model.facts.contexts.isPending
            ? "The contexts have not been read yet."
            : "No kubeconfig found: there is no context to select."
        note = Line.Span(text: text, style: .warning)
    }

    private mutating func click(_ id: String, _ model: inout WizardModel) -> Navigation {
        if contexts != nil, let item = id.number(after: "item ") {
            return take(contexts?.choose(item), &model)
        }
        let shown = shown(model)
        guard let row = id.number(after: "check "), shown.indices.contains(row) else { return .stay }
        list.select(shown[row].id)
        note = nil
        return .stay
    }

    private mutating func take(_ result: Picker.Result?, _ model: inout WizardModel) -> Navigation {
        if result == .open { return .stay }
        contexts = nil
        guard case .chosen(let name) = result, let field = Field.named("context") else { return .stay }
        model.store(name, for: field)
        return .look
    }
}

// MARK: - Drawing

extension ChecksPage {
    var paneFrom: Int? { Layout.wide }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        let model = context.model
        let title = selected(model)?.sentence ?? "Checks"
        return Line.wrap(title, .heading, columns: columns) + [.empty]
            + said(model, isNamed: false, columns: columns)
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let model = context.model
        let columns = frame.size.columns
        frame.write(CheckCounts(model).lines(columns: columns), row: 0)
        let (lines, focus, places) = content(model, columns: columns - 2)
        if let label = list.label {
            frame.write(Line(label, .accent) + Line(lines.isEmpty ? "  no match" : "", .muted), row: 1)
        }
        // Below the summary and an empty row; the list has at least one row.
        let rows = max(1, frame.size.rows - 2)
        let detail = context.hasPane ? [] : self.detail(model, columns: columns).prefix(rows - 1)
        let room = rows - detail.count
        let sight = ListSelection(count: lines.count, index: focus).visible(rows: room)
        frame.write(lines, in: sight, row: 2)
        for (line, index) in places where sight.contains(line) {
            frame.mark(
                Rect(column: 0, row: 2 + line - sight.lowerBound, columns: columns, rows: 1),
                as: "check \(index)")
        }
        let bottom = frame.size.rows - detail.count
        frame.write(detail, row: bottom)
        contexts?.draw(into: &frame)
    }

    private func content(_ model: WizardModel, columns: Int) -> (
        lines: [Line], focus: Int, places: [Int: Int]
    ) {
        let selected = selected(model)?.id
        var lines: [Line] = []
        var focus = 0
        var places: [Int: Int] = [:]
        var category: Check.Category?
        for (index, result) in shown(model).enumerated() {
            if !list.isSorted, result.category != category {
                if category != nil { lines.append(.empty) }
                lines.append(Line(result.category.heading, .heading))
                category = result.category
            }
            if result.id == selected { focus = lines.count }
            places[lines.count] = index
            lines.append(row(result, isSelected: result.id == selected, columns: columns))
        }
        return (lines, focus, places)
    }

    private func row(_ result: CheckResult, isSelected: Bool, columns: Int) -> Line {
        let mark = CheckSymbol(result.verdict)
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let sentence =
            Line("\(mark.symbol) ", mark.style) + Line(result.sentence, isSelected ? .heading : .plain)
        // The title has precedence; the full evidence is below the list.
        let head = pointer + sentence
        let evidence = Text.cut(result.verdict.short, to: max(8, columns - head.width - 2))
        return head.filled(to: columns, with: Line(evidence, mark.style))
    }

    /// Details of the selected check; the same number of lines for most checks, so that the list does not move.
    private func detail(_ model: WizardModel, columns: Int) -> [Line] {
        let rule = Line(String(repeating: Glyphs.unicode.horizontal, count: columns), .muted)
        let said = said(model, isNamed: true, columns: columns)
        return [rule] + said + Array(repeating: .empty, count: max(0, 3 - said.count))
    }

    private func said(_ model: WizardModel, isNamed: Bool, columns: Int) -> [Line] {
        if let problem = Form.cluster.fields.lazy.compactMap({ model.problem(of: $0.id) }).first {
            return Line.wrap(
                after: Line("\(Glyphs.unicode.failed) ", .failure), problem.sentence, columns: columns)
        }
        if let note { return Line.wrap(note.text, note.style, columns: columns) }
        // The checks wait for a login that requires user input.
        if model.facts.server.isPending, !model.facts.loginWords.isEmpty {
            return model.facts.loginWords.suffix(3).flatMap { Line.wrap($0, .warning, columns: columns) }
        }
        guard let result = selected(model) else { return [] }
        let mark = CheckSymbol(result.verdict)
        let text = isNamed ? result.namedVerdict : result.verdict.sentence
        let said = Line.wrap(
            after: Line("\(mark.symbol) ", mark.style), text, columns: columns)
        let hint = result.verdict.hint.map {
            Line.wrap(after: Line("\(Glyphs.unicode.right) ", .accent), $0, .accent, columns: columns)
        }
        return said + (hint ?? [])
    }
}
