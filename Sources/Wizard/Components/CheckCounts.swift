import Installer
import Terminal

/// The results of all checks in one row: "3 pending  11 passed  1 warning  1 failed".
struct CheckCounts {
    private let results: [CheckResult]

    init(_ model: WizardModel) { results = model.results }

    /// - Parameter hasDetail: whether the first failure, or else the first warning, follows with its fix.
    func lines(columns: Int, hasDetail: Bool = false) -> [Line] {
        let head = Line("Checks  ", .muted) + counts
        return [head.cut(to: columns)] + (hasDetail ? detail(columns: columns) : [])
    }

    /// Pending first, since the end is cut off in a narrow window.
    var counts: Line {
        let marks = results.map { CheckSymbol($0.verdict) }
        let parts: [(CheckSymbol, String)] = [
            (.pending, "pending"), (.passed, "passed"), (.warning, "warning"), (.failed, "failed"),
            (.skipped, "skipped"),
        ]
        let shown = parts.compactMap { mark, word in
            let count = marks.count { $0 == mark }
            let ending = mark == .warning && count > 1 ? "s" : ""
            return count > 0
                ? Line("\(mark.symbol) ", mark.style) + Line("\(count) \(word)\(ending)", mark.style) : nil
        }
        return shown.reduce(Line.empty) { $0.width == 0 ? $1 : $0 + Line("   ") + $1 }
    }

    private func detail(columns: Int) -> [Line] {
        func first(_ mark: CheckSymbol) -> CheckResult? { results.first { CheckSymbol($0.verdict) == mark } }
        guard let result = first(.failed) ?? first(.warning) else { return [] }
        let mark = CheckSymbol(result.verdict)
        let text = result.namedVerdict
        let hint = result.verdict.hint.map {
            Line.wrap(after: Line("  \(Glyphs.unicode.right) ", .accent), $0, .accent, columns: columns)
        }
        return Line.wrap(after: Line("\(mark.symbol) ", mark.style), text, columns: columns) + (hint ?? [])
    }
}

extension CheckResult {
    /// The verdict, with the name of the check before it unless it begins with that.
    var namedVerdict: String {
        let text = verdict.sentence
        return text.lowercased().hasPrefix("\(sentence) ".lowercased()) ? text : "\(sentence): \(text)"
    }
}
