/// How well a typed text fits an entry of a list: its characters in their order, with gaps, in either case. Spaces in
/// it only separate parts, as in `prod eu` for `gke-prod-europe`.
public struct FuzzyMatch: Hashable, Sendable {
    /// To compare entries for the same text; higher is better.
    public let score: Int

    /// The matched characters of the entry, by their offset, in ascending order.
    public let positions: [Int]

    /// nil: the entry does not match. An empty text matches every entry alike.
    public init?(_ text: String, in entry: String) {
        let wanted = text.filter { !$0.isWhitespace }.map { $0.lowercased() }
        let characters = Array(entry)
        guard wanted.count <= characters.count else { return nil }
        guard !wanted.isEmpty else {
            (score, positions) = (0, [])
            return
        }
        let folded = characters.map { $0.lowercased() }
        let worth = characters.indices.map { Self.worth(of: $0, in: characters) }
        // For each wanted character and each place of it: the best score up to there, and the place before.
        var rows: [[Place?]] = []
        for (index, character) in wanted.enumerated() {
            var row: [Place?] = Array(repeating: nil, count: characters.count)
            var best: (score: Int, at: Int)?
            for at in characters.indices {
                if index > 0, at > 0, let before = rows[index - 1][at - 1], before.score > best?.score ?? .min
                {
                    best = (before.score, at - 1)
                }
                guard folded[at] == character else { continue }
                if index == 0 {
                    row[at] = Place(score: worth[at], previous: nil)
                } else if let best {
                    row[at] = Place(score: best.score + worth[at], previous: best.at)
                    if let neighbour = rows[index - 1][at - 1] {
                        let score = neighbour.score + Self.run
                        if score >= best.score + worth[at] {
                            row[at] = Place(score: score, previous: at - 1)
                        }
                    }
                }
            }
            rows.append(row)
        }
        let ends = rows[wanted.count - 1].enumerated().compactMap { at, place in place.map { (at, $0.score) }
        }
        guard let end = ends.max(by: { $0.1 < $1.1 }) else { return nil }
        // Of equal matches, the shorter entry is the closer one.
        score = end.1 * 1000 - min(999, characters.count)
        positions = rows.reversed().reduce(into: [end.0]) { path, row in
            if let previous = row[path[0]]?.previous { path.insert(previous, at: 0) }
        }
    }

    /// The entries that match, the best first; with an empty text all of them in their order.
    public static func filter<Entry>(_ entries: [Entry], by text: String, _ name: (Entry) -> String)
        -> [Entry]
    {
        guard !text.isEmpty else { return entries }
        let matches = entries.compactMap { entry in
            FuzzyMatch(text, in: name(entry)).map { ($0.score, entry) }
        }
        return matches.enumerated().sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
            .map(\.element.1)
    }

    private struct Place {
        var score: Int
        var previous: Int?
    }

    /// A character directly after the one before: more than a start of a word, so that a prefix is better than
    /// initials.
    private static let run = 11

    /// The start of the entry, the start of a word in it, or any other place.
    private static func worth(of index: Int, in characters: [Character]) -> Int {
        guard index > 0 else { return 14 }
        let (before, this) = (characters[index - 1], characters[index])
        let startsWord = !(before.isLetter || before.isNumber) || before.isLowercase && this.isUppercase
        return startsWord && (this.isLetter || this.isNumber) ? 10 : 1
    }
}
