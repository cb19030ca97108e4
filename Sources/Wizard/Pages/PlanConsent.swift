import Installer
import Terminal

/// Starts a plan with the user's consent: the pages that show a plan share its conditions and its words.
///
/// In a context that looks like production, a destructive operation starts only after the release's name was typed.
struct PlanConsent: Equatable, Sendable {
    /// What was typed so far, while the name is required.
    private(set) var typed: LineEditor?
    private(set) var note: Line.Span?

    /// Why the plan cannot be started; nil if it can.
    static func obstacle(_ model: WizardModel, _ guide: WizardFlow) -> String? {
        if model.isLooking || model.lookedWith != model.answers {
            return "Checks still running\(Glyphs.unicode.ellipsis)"
        }
        // A setting of another workflow is on none of these pages, and is not used here.
        if let problem = model.problems.first(where: { guide.verb.form(asking: $0.field) != nil }) {
            return "\(problem)"
        }
        if guide.lacksClient(model.answers) {
            return "A client name is required. Select the line \(Field.name.label) and press Enter."
        }
        let failed = failedChecks(model)
        guard !failed.isEmpty else { return nil }
        let count = failed.count == 1 ? "1 check failed" : "\(failed.count) checks failed"
        let fix = failed.count == 1 ? "the fix" : "the fixes"
        return "\(count): \(failed.map(\.sentence).inShort). The Checks page shows \(fix)."
    }

    /// The checks that prevent the start.
    static func failedChecks(_ model: WizardModel) -> [CheckResult] {
        model.isRehearsal ? [] : model.results.filter { CheckSymbol($0.verdict) == .failed }
    }

    /// Asks for what is missing, or starts the plan.
    mutating func begin(_ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        note = nil
        guard isReady(model, guide) else { return .stay }
        guard guide.question(model) == nil else {
            typed = LineEditor()
            return .stay
        }
        return start(model, guide)
    }

    /// Whether nothing prevents the start; otherwise the note says what does.
    private mutating func isReady(_ model: WizardModel, _ guide: WizardFlow) -> Bool {
        guard let obstacle = Self.obstacle(model, guide) else { return true }
        note = Line.Span(text: obstacle, style: .warning)
        return false
    }

    private mutating func start(_ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        do throws(PlanRefusal) {
            let plan = try guide.plan(model)
            return .begin(model.isRehearsal ? .rehearse(plan) : .start(plan, guide.verb, model.answers))
        } catch {
            note = Line.Span(text: "\(error.failure.message).", style: .failure)
            return .stay
        }
    }

    /// Handles a key while the name is typed.
    mutating func handle(_ key: Key, _ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        switch key {
        case .escape, .control("c"): typed = nil
        case .enter:
            guard typed?.text == model.answers.release else {
                note = Line.Span(
                    text: "The release is named \(model.answers.release). Nothing was started.",
                    style: .warning)
                typed = nil
                return .stay
            }
            typed = nil
            // What is shown may have changed since the question.
            return isReady(model, guide) ? start(model, guide) : .stay
        default: _ = typed?.handle(key)
        }
        return .stay
    }

    mutating func insert(_ text: String) { typed?.insert(text) }
    mutating func say(_ note: Line.Span?) { self.note = note }

    /// The question for the release's name.
    func question(_ model: WizardModel, _ guide: WizardFlow, columns: Int) -> [Line] {
        Line.wrap(guide.question(model) ?? "", .failure, columns: columns)
    }

    /// Draws the field for the name.
    func draw(into frame: inout Frame, row: Int) {
        guard let typed else { return }
        let width = min(40, frame.size.columns - 2)
        let (shown, column) = typed.visible(columns: width)
        frame.write(Line("  ") + Line(Text.pad(shown, to: width), .focusedField), row: row)
        frame.cursor = Point(column: 2 + column, row: row)
    }
}
