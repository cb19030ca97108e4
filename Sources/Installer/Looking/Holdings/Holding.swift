/// A part of an installation that is there: what it is, whose it is, and whether it goes.
public struct Holding: Equatable, Sendable {
    public var part: Part
    /// What is there, in a few words: "buildkit-cache, 50Gi, since 2026-11-22".
    public var what: String
    /// Why it stays also where it was chosen; nil where it may go.
    public var keptBecause: String?
    /// Whether it was chosen, and may go.
    public var goes: Bool

    init(_ part: Part, _ what: String, keptBecause: String? = nil, _ answers: Answers) {
        self.part = part
        self.what = what
        self.keptBecause = keptBecause
        goes = keptBecause == nil && answers.remove.contains(part)
    }
}

extension [Holding] {
    public subscript(part: Part) -> Holding? { first { $0.part == part } }
    /// Whether the part is there, was chosen, and may go.
    func goes(_ part: Part) -> Bool { self[part]?.goes ?? false }
}

extension Holding: Encodable {
    private enum CodingKeys: String, CodingKey { case part, what, keptBecause, goes }
}
