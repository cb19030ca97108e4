import Installer
import Terminal

/// The doctor's checks as they are known, with the finding and the fix of the selected one.
struct DoctorPage: Page {
    /// By the checks' ids; the cursor is on the first problem until the user moves it.
    private var list = FilterList<DoctorReport.LayerResult.ID>()
    /// Of the details; the list scrolls with its selection.
    private var scroll = Scroll()
    private var isCopied = false

    func title(_ context: PageContext) -> String { "Doctor" }

    func takesText(_ context: PageContext) -> Bool { list.isOpen }

    func hints(_ context: PageContext) -> [KeyHint] {
        guard !list.isOpen else { return list.hints }
        let fix = fix(context.model) == nil ? [] : [KeyHint("y", isCopied ? "copied" : "copy fix")]
        let again = context.model.isExamining ? [] : [KeyHint("r", "re-run")]
        let (details, sight) = visible(context)
        let more = sight.count < details.count ? [KeyHint("PgDn", "details")] : []
        let hasChecks = !shown(context.model).isEmpty
        let select = hasChecks ? [KeyHint("↑↓", "select")] : []
        let filter = hasChecks ? [KeyHint("/", "filter")] : []
        return again + select + more + fix + filter + [KeyHint("Esc", "back")]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .copied: isCopied = true
        case .click(let id):
            let shown = shown(model)
            guard let number = id.number(after: "check "), shown.indices.contains(number) else {
                return .stay
            }
            list.select(shown[number].id)
            beginDetails()
        case .key(let key) where list.isOpen: move(key, model)
        case .key(.character("r")): return model.isExamining ? .stay : .examine
        case .key(.character("q")): return .quit
        case .key(.character("y")): return fix(model).map { .perform(.copy($0)) } ?? .stay
        case .key(.escape): return .back
        case .key(let key) where key == .pageUp || key == .pageDown:
            let (details, rows) = room(PageContext(model: model, guide: guide))
            scroll.fit(length: details.count, height: rows)
            _ = scroll.handle(key)
        case .key(let key): move(key, model)
        default: break
        }
        return .stay
    }

    private mutating func move(_ key: Key, _ model: WizardModel) {
        let before = selected(model)?.id
        let shown = shown(model)
        list.handle(key, in: shown.map(\.id), usual: Self.worst(of: shown))
        if selected(model)?.id != before { beginDetails() }
    }

    /// The details of another check are read from their start.
    private mutating func beginDetails() { (isCopied, scroll) = (false, Scroll()) }

    /// The checks in sight, by their name and their verdict.
    private func shown(_ model: WizardModel) -> [DoctorReport.LayerResult] {
        list.shown(of: model.findings?.results ?? []) { "\($0.title) \($0.verdict.word)" }
    }

    private static func worst(of results: [DoctorReport.LayerResult]) -> DoctorReport.LayerResult.ID? {
        let worst =
            results.first { $0.verdict.symbol == .failed } ?? results.first { $0.verdict.symbol == .warning }
        return worst?.id
    }

    private func selection(among shown: [DoctorReport.LayerResult]) -> ListSelection {
        list.selection(in: shown.map(\.id), usual: Self.worst(of: shown))
    }

    private func selected(_ model: WizardModel) -> DoctorReport.LayerResult? {
        let shown = shown(model)
        let index = selection(among: shown).index
        return shown.indices.contains(index) ? shown[index] : nil
    }

    private func fix(_ model: WizardModel) -> String? { Fix(selected(model)?.verdict.failure?.hint)?.copied }
}

// MARK: - Drawing

extension DoctorPage {
    var paneFrom: Int? { Layout.medium }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        let (details, sight) = visible(context)
        return Array(details[sight])
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let columns = frame.size.columns
        let head = head(context, columns: columns)
        frame.write(head)
        guard let findings = context.model.findings else { return }
        let (details, read) = visible(context)
        let taken = context.hasPane || read.isEmpty ? 0 : read.count + 1
        let shown = shown(context.model)
        let selection = selection(among: shown)
        let sight = selection.visible(rows: frame.size.rows - head.count - 1 - taken)
        let width = findings.results.map { Text.width($0.title) }.max() ?? 0
        if let label = list.label {
            frame.write(
                Line(label, .accent) + Line(shown.isEmpty ? "  no match" : "", .muted), row: head.count)
        }
        let lines = shown.enumerated().map { number, result in
            row(result, isSelected: number == selection.index, width: width, context).cut(to: columns - 1)
        }
        frame.write(lines, in: sight, row: head.count + 1)
        for (offset, number) in sight.enumerated() {
            frame.mark(
                Rect(column: 0, row: head.count + 1 + offset, columns: columns, rows: 1),
                as: "check \(number)")
        }
        if !context.hasPane { frame.write(details, in: read, row: frame.size.rows - read.count) }
    }

    private func head(_ context: PageContext, columns: Int) -> [Line] {
        guard let findings = context.model.findings, !context.model.isExamining else {
            return [Line("checking\(Glyphs.unicode.ellipsis)", .muted)]
        }
        return ReportLines(guide: context.guide, columns: columns)
            .head(findings.headline, findings.isHealthy ? .passed : .failed)
    }

    /// The details, and those in sight.
    private func visible(_ context: PageContext) -> (details: [Line], sight: Range<Int>) {
        let (details, rows) = room(context)
        var scroll = scroll
        scroll.fit(length: details.count, height: rows)
        return (details, scroll.visible)
    }

    /// The details, and the rows for them: in the pane of a wide window, otherwise below the list, which keeps at
    /// least half of a low one.
    private func room(_ context: PageContext) -> (details: [Line], rows: Int) {
        let layout = Layout(size: context.model.size, paneFrom: paneFrom)
        if let pane = layout.pane {
            return (details(context, columns: pane.size.columns - 4), pane.size.rows - 2)
        }
        let body = layout.body.size
        // The last columns are for the arrows of a text that is longer than its rows.
        let lines = details(context, columns: body.columns - 2)
        let rows = body.rows - head(context, columns: body.columns).count - 1
        return (lines, min(lines.count, max(1, rows / 2 - 1)))
    }

    private func row(
        _ result: DoctorReport.LayerResult, isSelected: Bool, width: Int, _ context: PageContext
    ) -> Line {
        let mark = symbol(of: result, context.model)
        let pointer = Line(isSelected ? "\(Glyphs.unicode.pointer) " : "  ", .accent)
        let title = Line(Text.pad(result.title, to: width), isSelected ? .selected : .plain)
        let text = mark == .pending ? "" : context.guide.short(result.verdict.evidence)
        return pointer + Line("\(mark.symbol) ", mark.style) + title
            + Line(
                "  \(Text.printable(text[...]))", mark == .failed || mark == .warning ? mark.style : .muted)
    }

    private func symbol(of result: DoctorReport.LayerResult, _ model: WizardModel) -> CheckSymbol {
        model.isExamining && result.isAwaited ? .pending : result.verdict.symbol
    }

    /// The whole finding of the selected check, its fix, and where the documents explain it.
    private func details(_ context: PageContext, columns: Int) -> [Line] {
        guard let result = selected(context.model) else { return [] }
        let mark = symbol(of: result, context.model)
        func wrapped(_ text: String, _ style: Style) -> [Line] {
            text.split(separator: "\n").flatMap {
                Line.wrap(Text.printable(context.guide.short(String($0))[...]), style, columns: columns)
            }
        }
        let finding = "\(result.title): \(mark == .pending ? "not checked yet" : result.verdict.evidence)"
        let failure = result.verdict.failure
        // The fix comes before the tool's words, which may be long.
        return wrapped(finding, .heading) + wrapped(failure?.hint ?? "", .accent)
            + wrapped(failure?.detail ?? "", .muted) + (failure?.reference(columns: columns) ?? [])
    }
}

extension DoctorOutcome {
    fileprivate var symbol: CheckSymbol {
        switch self {
        case .holds: .passed
        case .doubtful: .warning
        case .broken: .failed
        case .skipped: .skipped
        }
    }

    fileprivate var failure: InstallerError? {
        switch self {
        case .doubtful(let failure), .broken(let failure): failure
        case .holds, .skipped: nil
        }
    }

    fileprivate var evidence: String {
        switch self {
        case .holds(let text), .skipped(let text): text
        case .doubtful(let failure), .broken(let failure): failure.message
        }
    }
}
