import Installer
import Terminal

/// What is said about the field that has the focus, below the form.
struct FormPanel {
    let field: Field?
    let option: Int
    let offers: [Proposal]
    let context: Context

    /// As many lines for every field, so that the form above stands still.
    func lines(columns: Int, rows: Int) -> [Line] {
        let height = rows >= 18 ? 4 : rows >= 11 ? 3 : 2
        let rule = Line(String(repeating: Glyphs.unicode.horizontal, count: columns), .muted)
        let shown = ([rule] + content(columns: columns)).prefix(height)
        return shown + Array(repeating: .empty, count: height - shown.count)
    }

    private func content(columns: Int) -> [Line] {
        guard let field else { return [] }
        var lines = Line.wrap(help(of: field), columns: columns)
        if field.isTyped {
            lines.append(offer ?? Line(Text.cut("For example: \(field.example)", to: columns), .muted))
            if let empty = context.meaningWhenEmpty(of: field) {
                lines += Line.wrap("Empty: \(empty).", .muted, columns: columns)
            }
        }
        return lines
    }

    private func help(of field: Field) -> String {
        guard field.alternatives.indices.contains(option) else { return field.help }
        let alternative = field.alternatives[option]
        if let found = context.found(of: alternative, for: field) {
            return "\(alternative.name): \(alternative.help). Found: \(context.guide.short(found))."
        }
        if alternative.value.isEmpty, let meaning = context.meaningWhenEmpty(of: field) {
            return "\(field.help) \(alternative.name): \(meaning)."
        }
        let found = context.model.facts.proposals(for: field.id, with: context.model.answers)
        let reason = found.first { $0.value == alternative.value }.map { " Recommended: \($0.reason)." } ?? ""
        return "\(field.help) \(alternative.name): \(alternative.help).\(reason)"
    }

    private var offer: Line? {
        guard let first = offers.first else { return nil }
        let more = offers.count > 1 ? ", and \(offers.count - 1) more" : ""
        return Line("Ctrl-P", .key) + Line(" takes ", .muted) + Line(first.value, .accent)
            + Line(" (\(first.reason))\(more)", .muted)
    }
}
