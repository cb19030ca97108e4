/// The sources of answers outside the wizard, in increasing precedence: the defaults, an answers file, the
/// environment, the flags.
public struct AnswerSources: Sendable {
    public var file: AnswersFile?
    public var environment: [String: String]
    /// The flags' values by the field's id.
    public var flags: [Field.ID: String]

    public init(
        file: AnswersFile? = nil, environment: [String: String] = [:], flags: [Field.ID: String] = [:]
    ) {
        self.file = file
        self.environment = environment
        self.flags = flags
    }

    /// Resolves the answers and their sources, and collects all errors.
    public func resolve() -> ResolvedAnswers {
        var resolution = ResolvedAnswers()
        for (origin, texts) in [
            (file.map { AnswerSource.file(path: $0.path) }, file?.texts ?? [:]),
            (.environment, variables), (.flag, flags),
        ] {
            guard let origin else { continue }
            for field in Field.all {
                guard let text = texts[field.id] else { continue }
                resolution.take(text, for: field, from: origin)
            }
        }
        resolution.pages = file?.pages
        resolution.problems += file?.problems ?? []
        resolution.problems += strayVariables
        resolution.refuseWhatIsNotAsked()
        if resolution.problems.isEmpty { resolution.problems = resolution.answers.validationErrors }
        return resolution
    }

    private var variables: [Field.ID: String] {
        Dictionary(
            uniqueKeysWithValues: Field.all.compactMap { field in
                environment[field.variable].map { (field.id, $0) }
            })
    }

    /// A misspelt variable would otherwise be ignored silently.
    private var strayVariables: [AnswerError] {
        let known = Set(Field.all.map(\.variable)).union(AnswerSources.otherVariables)
        return environment.keys.sorted().filter { $0.hasPrefix("BUILDKIT_INSTALLER_") && !known.contains($0) }
            .map {
                AnswerError(
                    field: $0, message: "unknown setting",
                    example: nearest(to: $0, in: known.sorted()))
            }
    }

    /// Variables that are options of a run, not answers.
    static let otherVariables: Set<String> = [
        "BUILDKIT_INSTALLER_ANSWERS", "BUILDKIT_INSTALLER_PRODUCTION", "BUILDKIT_INSTALLER_THEME",
    ]
}

/// The result of ``AnswerSources/resolve()``.
public struct ResolvedAnswers: Equatable, Sendable {
    public var answers = Answers()
    /// The source of each answer that is not a default.
    public var origins: [Field.ID: AnswerSource] = [:]
    /// The pages that the wizard shows; nil: all of them. Ignored in a non-interactive run.
    public var pages: Set<Form.ID>?
    public var problems: [AnswerError] = []

    mutating func take(_ text: String, for field: Field, from origin: AnswerSource) {
        origins[field.id] = origin
        do throws(AnswerError) { try field.store(text, in: &answers) } catch {
            problems.append(
                AnswerError(
                    field: field.id, origin: origin.name(of: field), message: error.message,
                    example: error.example))
        }
    }

    /// Rejects an answer to a question that does not apply; it is a mistake and is not ignored.
    mutating func refuseWhatIsNotAsked() {
        for field in Field.all {
            guard let origin = origins[field.id], let reason = field.reasonNotApplicable(by: answers) else {
                continue
            }
            problems.append(
                AnswerError(
                    field: field.id, origin: origin.name(of: field), message: "does not apply: \(reason)")
            )
        }
    }
}

/// The word of a list that is most similar to the given one; nil where none is similar enough.
public func nearest(to word: String, in words: [String]) -> String? {
    let scored = words.map { ($0, distance(word, $0)) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.count / 4) else { return nil }
    return best.0
}

/// The Levenshtein distance.
private func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            (diagonal, row[j + 1]) = (
                row[j + 1], min(row[j + 1] + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
            )
        }
    }
    return row[right.count]
}

/// The source of an answer; a later case takes precedence over an earlier one.
public enum AnswerSource: Equatable, Sendable {
    case file(path: String)
    case environment
    case flag

    /// The field as the user wrote it in this source.
    func name(of field: Field) -> String {
        switch self {
        case .file(let path): "\"\(field.id)\" in \(path)"
        case .environment: field.variable
        case .flag: "--\(field.id)"
        }
    }
}

extension Answers {
    /// Uses the answers of an earlier run for every field that was not given in this run.
    ///
    /// - Parameter saved: the answers of that run by the field's id; a value that is no longer valid is ignored, and a
    ///   consent.
    public mutating func recall(_ saved: [Field.ID: String], except given: Set<Field.ID>) {
        let plain = Answers()
        var start = plain
        recalled = [:]
        for field in Field.all {
            if !Field.consents.contains(field.id), let text = saved[field.id] {
                try? field.store(text, in: &start)
            }
            let text = field.text(in: start)
            if text != field.text(in: plain) { recalled[field.id] = text }
            // The default, or stored before: it is valid.
            if !given.contains(field.id) { try? field.store(text, in: &self) }
        }
    }
}

extension Answers {
    /// The answers to these questions that differ from the defaults, by the field's id.
    func texts(of fields: [Field]) -> [Field.ID: String] {
        let plain = Answers()
        var texts: [Field.ID: String] = [:]
        for field in fields where field.isAsked(with: self) {
            let text = field.text(in: self)
            if text != field.text(in: plain) { texts[field.id] = text }
        }
        return texts
    }

    /// The properties of the installation, to be saved for later runs.
    var saved: [Field.ID: String] {
        texts(of: Form.install.fields).filter { !Field.consents.contains($0.key) }
    }

    /// The flags that give these answers, with their values: of those that differ from the defaults, or from the saved answers
    /// that the command starts from.
    func flags(of fields: [Field]) -> [String] {
        let plain = Answers()
        return fields.filter { $0.isAsked(with: self) }.compactMap { field in
            let text = field.text(in: self)
            let usual = field.text(in: plain)
            guard text != usual || text != recalled[field.id, default: usual] else { return nil }
            return field.kind == .toggle && text == "yes"
                ? "--\(field.id)" : "--\(field.id) \(text.shellQuoted)"
        }
    }
}
