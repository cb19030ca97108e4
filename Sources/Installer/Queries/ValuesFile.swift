import FoundationEssentials

extension Dependencies {
    /// The names of the chart's objects that the values file of the answers sets; none without a file.
    /// - Throws: where it cannot be read.
    func chartNames(_ answers: Answers) throws(InstallerError) -> ChartNames {
        guard !answers.values.isEmpty else { return ChartNames() }
        let path = answers.values.expanded(home: home)
        let text = String(decoding: try Data(ofRegularFile: path), as: UTF8.self)
        guard let names = ChartNames.inValuesFile(text) else {
            throw InstallerError(
                "The names of the chart's objects cannot be read from \(path)",
                detail: "nameOverride or fullnameOverride is set in a notation that is not read.",
                hint: "Write it on a line of its own, without indentation: fullnameOverride: NAME",
                code: .fileUnreadable)
        }
        return names
    }
}

extension ChartNames {
    /// The names that a values file sets, in JSON or YAML. This program has no YAML parser: it reads entries on lines of their
    /// own.
    /// - Returns: nil where they may be set in another notation.
    static func inValuesFile(_ text: String) -> ChartNames? {
        let keys = Key.allCases.map(\.rawValue)
        guard keys.contains(where: { text.contains($0) }) else { return ChartNames() }
        // What is no JSON is YAML.
        if let values = try? JSONValue(text: text) { return ChartNames(values: values) }
        guard let entries = text.topLevelEntries else { return nil }
        var values: [String: JSONValue] = [:]
        for key in keys {
            guard let entry = entries[key] else { continue }
            guard let name = entry.scalar else { return nil }
            values[key] = .string(name)
        }
        return ChartNames(values: .object(values))
    }
}

extension String {
    /// The entries of a mapping in YAML's block style, by their keys: what follows on the line.
    /// - Returns: nil where it has lines of another kind, or the value of a name continues on the next line.
    fileprivate var topLevelEntries: [String: String]? {
        var entries: [String: String] = [:]
        var last: String?
        for line in split(whereSeparator: \.isNewline) {
            let content = line.drop { $0 == " " || $0 == "\t" }
            guard let first = content.first, first != "#" else { continue }
            if last == nil, line.hasPrefix("---"), line.dropFirst(3).allSatisfy({ $0 == " " }) { continue }
            let isNested =
                content.startIndex > line.startIndex || content == "-" || content.hasPrefix("- ")
            if isNested {
                guard let last, ChartNames.Key(rawValue: last) == nil else { return nil }
                continue
            }
            guard let (key, value) = line.entry, entries[key] == nil else { return nil }
            entries[key] = value
            last = key
        }
        return entries
    }

    /// The text of a scalar on one line that needs no escapes; empty for null, and nil for anything else.
    fileprivate var scalar: String? {
        let value = (firstRange(of: " #").map { String(self[..<$0.lowerBound]) } ?? self).trimmed
        guard !["~", "null", "Null", "NULL"].contains(value) else { return "" }
        let text = value.unquoted
        return text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) } ? text : nil
    }

    /// The text in quotes; otherwise the same.
    fileprivate var unquoted: String {
        for quote in ["\"", "'"] where count > 1 && hasPrefix(quote) && hasSuffix(quote) {
            return String(dropFirst().dropLast())
        }
        return self
    }
}

extension Substring {
    /// The key and the value of an entry: `key: value`. Nil for a line of another kind.
    fileprivate var entry: (key: String, value: String)? {
        guard let colon = firstIndex(of: ":") else { return nil }
        let value = self[index(after: colon)...]
        let key = String(self[..<colon]).trimmed.unquoted
        let isKey = !key.isEmpty && key.utf8.allSatisfy { $0.isLetterOrDigit || "-_./".utf8.contains($0) }
        guard isKey, value.isEmpty || value.hasPrefix(" ") else { return nil }
        return (key, String(value))
    }
}
