import Installer
import Terminal

/// The help of the focused field: below the form, or in a pane of its own.
struct FieldHelp {
    let field: Field?
    let option: Int
    let offers: [Suggestion]
    let context: PageContext

    /// Below the form; the same number of lines for every field, so that the form above does not move.
    func lines(columns: Int, rows: Int) -> [Line] {
        let height = rows >= 18 ? 4 : rows >= 11 ? 3 : 2
        let rule = Line(String(repeating: Glyphs.unicode.horizontal, count: columns), .muted)
        let shown = ([rule] + short(columns: columns)).prefix(height)
        return shown + Array(repeating: .empty, count: height - shown.count)
    }

    private func short(columns: Int) -> [Line] {
        guard let field else { return [] }
        let example = Line("For example: \(field.example)", .muted).cut(to: columns)
        let hint = field.isTyped ? [offer(columns: columns) ?? example] : []
        return Line.wrap(help(of: field), columns: columns) + hint + whenEmpty(field, columns: columns)
    }

    /// Everything about the field, for a pane of its own. The options of a choice need no example.
    func whole(columns: Int) -> [Line] {
        guard let field else { return [] }
        let hint = [offer(columns: columns)].compactMap(\.self)
        let text = Line.wrap(help(of: field), columns: columns) + hint + whenEmpty(field, columns: columns)
        let example = field.isTyped ? [("Example", field.example)] : []
        let rows = (example + [("Flag", "--\(field.id)"), ("Variable", field.variable)])
            .flatMap { label, value in row(label, value, columns: columns) }
        return [Line(field.label, .heading), .empty] + text + [.empty] + rows
    }

    /// What does not fit beside its label is below it, whole, so that it can be selected.
    private func row(_ label: String, _ value: String, columns: Int) -> [Line] {
        let head = Line(Text.pad(label, to: Self.label), .muted)
        guard head.width + Text.width(value) > columns else { return [head + Line(value)] }
        return [Line(label, .muted)] + Line.wrap(value, columns: columns, indent: 2)
    }

    /// The width of the labels.
    private static let label = 10

    private func whenEmpty(_ field: Field, columns: Int) -> [Line] {
        guard field.isTyped, let empty = context.meaningWhenEmpty(of: field) else { return [] }
        return Line.wrap("If empty: \(empty).", .muted, columns: columns)
    }

    private func help(of field: Field) -> String {
        let meaning = context.guide.verb.form(asking: field.id)?.help(of: field) ?? field.help
        guard field.alternatives.indices.contains(option) else { return meaning }
        let alternative = field.alternatives[option]
        if let found = context.found(of: alternative, for: field) {
            return "\(alternative.name): \(alternative.help). Detected: \(context.guide.short(found))."
        }
        if alternative.value.isEmpty, let empty = context.meaningWhenEmpty(of: field) {
            return "\(meaning) \(alternative.name): \(empty)."
        }
        let found = context.model.facts.proposals(for: field.id, with: context.model.answers)
        let reason = found.first { $0.value == alternative.value }.map { " Recommended: \($0.reason)." } ?? ""
        return "\(meaning) \(alternative.name): \(alternative.help).\(reason)"
    }

    /// What Ctrl-P would insert; its reason, which is also in the list, only where there is room.
    private func offer(columns: Int) -> Line? {
        guard let first = offers.first else { return nil }
        let value = Line("Ctrl-P", .key) + Line(" inserts ", .muted) + Line(first.value, .accent)
        let more = offers.count > 1 ? ", and \(offers.count - 1) more" : ""
        let whole = value + Line(" (\(first.reason))\(more)", .muted)
        return whole.width <= columns ? whole : value + Line(more, .muted)
    }
}
