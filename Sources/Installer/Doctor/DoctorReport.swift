import FoundationEssentials

/// The result of `doctor`; its lines and its JSON are views of it.
public struct DoctorReport: Report, Equatable {
    public static let kind = "doctor"

    /// A layer and its verdict.
    public struct LayerResult: Equatable, Sendable, Identifiable {
        public var id: String
        public var title: String
        public var verdict: DoctorOutcome

        /// Whether an examination that continues may still check it: BuildKit is queried last.
        public var isAwaited: Bool { verdict == .notChecked }
    }

    public var installation: InstallationID
    public var builder: String
    /// In the order of a build's path; the cluster's side last.
    public var results: [LayerResult]

    init(_ symptoms: DoctorFacts) {
        installation = symptoms.answers.installation
        builder = symptoms.answers.builder
        results = []
        for layer in DoctorCheck.all {
            results.append(LayerResult(id: layer.id, title: layer.title, verdict: verdict(layer, symptoms)))
        }
    }

    /// A check is skipped where a check that it depends on has failed.
    private func verdict(_ layer: DoctorCheck, _ symptoms: DoctorFacts) -> DoctorOutcome {
        for need in layer.needs {
            guard let result = results.first(where: { $0.id == need }) else { continue }
            if result.verdict.isBroken { return .skipped("depends on \(result.title)") }
            if case .skipped(let reason) = result.verdict { return .skipped(reason) }
        }
        return layer.judge(symptoms).pinned(
            to: installation, builder: builder, settings: symptoms.facts.settings)
    }

    public var broken: [LayerResult] { results.filter(\.verdict.isBroken) }
    public var isHealthy: Bool { broken.isEmpty }
}

extension DoctorReport {
    private enum CodingKeys: String, CodingKey { case installation, builder, healthy, message, checks }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(installation, forKey: .installation)
        try object.encode(builder, forKey: .builder)
        try object.encode(isHealthy, forKey: .healthy)
        try object.encode(headline, forKey: .message)
        try object.encode(results, forKey: .checks)
    }
}

extension DoctorReport.LayerResult {
    /// The code of the problem, derived from the check where it has none of its own; nil where there is no problem.
    public var code: ErrorCode? {
        switch verdict {
        case .doubtful(let failure), .broken(let failure):
            failure.code == .failed ? ErrorCode(check: id) : failure.code
        case .holds, .skipped: nil
        }
    }
}

extension DoctorReport.LayerResult: Encodable {
    private enum CodingKeys: String, CodingKey { case id, title, verdict, code, message, detail, hint }

    /// One flat object, for programs.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(title, forKey: .title)
        try object.encode(verdict.word, forKey: .verdict)
        try object.encodeIfPresent(code, forKey: .code)
        switch verdict {
        case .holds(let text), .skipped(let text): try object.encode(text, forKey: .message)
        case .doubtful(let failure), .broken(let failure):
            try object.encode(failure.message, forKey: .message)
            try object.encodeIfPresent(failure.detail, forKey: .detail)
            try object.encodeIfPresent(failure.hint, forKey: .hint)
        }
    }
}

extension DoctorReport {
    /// The result as a sentence.
    public var headline: String {
        guard broken.isEmpty else { return "Problems found: \(broken.map(\.title).inWords)." }
        let isProven = results.contains { result in
            if result.id == DoctorCheck.build.id, case .holds = result.verdict { true } else { false }
        }
        return isProven
            ? "No problems found: the test build through \(builder) succeeded."
            : "No problems found; some checks were skipped."
    }

    public var table: [ReportLine] {
        results.flatMap { result -> [ReportLine] in
            switch result.verdict {
            case .holds(let evidence): return [line(result, evidence, .good)]
            case .skipped(let reason): return [line(result, reason, .muted)]
            case .doubtful(let failure): return [line(result, failure.message, .warning)] + more(failure)
            case .broken(let failure):
                return [line(result, failure.message, .bad)] + more(failure) + reference(result)
            }
        }
    }

    private func line(_ result: LayerResult, _ text: String, _ mark: ReportLine.Mark) -> ReportLine {
        ReportLine(result.verdict.word, "\(result.title): \(text)", mark)
    }

    private func more(_ failure: InstallerError) -> [ReportLine] {
        (failure.detail ?? "").split(separator: "\n").map { ReportLine("", "  \($0)", .muted) }
            + [failure.hint].compactMap { $0 }.map { ReportLine("", $0, .hint) }
    }

    /// Where the documents explain a problem.
    private func reference(_ result: LayerResult) -> [ReportLine] {
        result.code.map { [ReportLine("", "See: \($0.documentation)", .muted)] } ?? []
    }

    /// The report as text, one line each.
    public var lines: [String] { [headline] + table.texts }
}
