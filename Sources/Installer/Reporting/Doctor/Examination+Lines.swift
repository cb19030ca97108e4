extension Examination {
    /// The outcome as a sentence.
    public var headline: String {
        guard broken.isEmpty else { return "What is broken: \(broken.map(\.title).inWords)." }
        let isProven = results.contains { result in
            if result.id == Layer.build.id, case .holds = result.verdict { true } else { false }
        }
        return isProven
            ? "Nothing is broken: builds go through \(builder)."
            : "Nothing is broken, as far as it was looked at."
    }

    public var table: [ReportLine] {
        results.flatMap { result -> [ReportLine] in
            switch result.verdict {
            case .holds(let evidence): return [line(result, evidence, .good)]
            case .skipped(let reason): return [line(result, reason, .muted)]
            case .doubtful(let failure): return [line(result, failure.message, .warning)] + more(failure)
            case .broken(let failure): return [line(result, failure.message, .bad)] + more(failure)
            }
        }
    }

    private func line(_ result: LayerResult, _ text: String, _ mark: ReportLine.Mark) -> ReportLine {
        ReportLine(result.verdict.word, "\(result.title): \(text)", mark)
    }

    private func more(_ failure: Failure) -> [ReportLine] {
        (failure.detail ?? "").split(separator: "\n").map { ReportLine("", "  \($0)", .muted) }
            + [failure.hint].compactMap { $0 }.map { ReportLine("", $0, .hint) }
    }

    /// The examination as a person reads it, a line each.
    public var lines: [String] { [headline] + table.texts }
}
