extension Verdict {
    /// A failure as a verdict, in its own words.
    static func failed(_ failure: Failure) -> Verdict { .failed(failure.sentence, hint: failure.hint) }
    static func warning(_ failure: Failure) -> Verdict { .warning(failure.sentence, hint: failure.hint) }
}

extension Failure {
    /// What happened and the first line of what the tool said, as one text.
    var sentence: String {
        guard let line = detail?.split(separator: "\n").first else { return message }
        // The tool's own words for "error" add nothing to the sentence before them.
        let said = ["Error from server (", "Error: ", "error: "].contains { line.hasPrefix($0) }
        return "\(message): \(said ? line.drop { $0 != ":" }.dropFirst().trimmed : String(line))"
    }
}

extension Fact {
    /// The verdict on what is known; pending until then.
    /// - Parameter otherwise: the verdict where it is not to be had.
    func verdict(
        otherwise: (Failure) -> Verdict = { .failed($0) }, _ judge: (Value) -> Verdict
    ) -> Verdict {
        switch self {
        case .pending: .pending
        case .known(let value): judge(value)
        case .unknown(let failure): otherwise(failure)
        }
    }
}

extension Facts {
    /// The verdict on a part of the cluster. Where the server does not answer, one check says so and the
    /// others are left out.
    func verdict<Value>(
        on part: Fact<Value>, otherwise: (Failure) -> Verdict = { .warning($0) }, _ judge: (Value) -> Verdict
    ) -> Verdict {
        switch (part, server) {
        case (.known(let value), _): judge(value)
        case (_, .unknown): .skipped("the cluster does not answer")
        case (.pending, _), (_, .pending): .pending
        case (.unknown(let failure), _): otherwise(failure)
        }
    }

    /// The verdict on what kubectl says first of all. Where it is missing, its own check says so.
    func verdictByKubectl<Value>(on part: Fact<Value>, _ judge: (Value) -> Verdict) -> Verdict {
        switch (part, kubectl) {
        case (.unknown, .unknown): .skipped("kubectl cannot be asked")
        case (.unknown, .pending): .pending
        default: part.verdict(judge)
        }
    }

    /// The verdict on what helm says of the cluster; it needs helm as well.
    func verdictByHelm<Value>(on part: Fact<Value>, _ judge: (Value) -> Verdict) -> Verdict {
        switch (part, helm) {
        case (.unknown, .unknown): .skipped("helm cannot be asked")
        case (.unknown, .pending): .pending
        default: verdict(on: part, judge)
        }
    }
}
