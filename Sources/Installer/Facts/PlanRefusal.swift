/// Why there is no plan: a fact that it depends on could not be read. An unread fact is not absent.
public struct PlanRefusal: Error, Equatable, Sendable {
    /// A fact that could not be read, and the reason.
    public struct Unread: Equatable, Sendable {
        /// The name inside a sentence: "the release buildkit".
        public var name: String
        public var failure: InstallerError
        /// Whether it is still being read.
        public var isPending = false
    }

    /// All unread facts, in the order of reading.
    public var unread: [Unread]
    /// The fix, as a command.
    var hint = "Run the same command again. If it still fails: buildkit-installer doctor"

    /// The reasons, each once: several facts may have the same.
    var reasons: [String] {
        unread.map(\.failure.sentence).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The refusal in the form that is shown to users.
    public var failure: InstallerError {
        InstallerError(
            "Cannot create a plan: could not read \(unread.map(\.name).inWords)",
            detail: reasons.joined(separator: "\n"),
            hint: hint, code: "ReadableCheck", subject: "plan")
    }

    /// The refusal with commands that name the installation.
    func pinned(to installation: InstallationID, builder: String) -> PlanRefusal {
        PlanRefusal(unread: unread, hint: installation.pinned(hint, builder: builder))
    }
}

/// Reads values from facts, and records each that is unavailable: a refusal names all of them together.
struct FactReader {
    private let facts: Facts
    private var unread: [PlanRefusal.Unread] = []

    init(_ facts: Facts) { self.facts = facts }

    /// A fact of this machine.
    mutating func machine<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        read(name, facts[keyPath: fact])
    }

    /// A fact of the cluster. Where the cluster does not answer at all, that is reported once.
    mutating func cluster<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        if let value = facts[keyPath: fact].value { return value }
        guard let silence = facts.server.failure else { return read(name, facts[keyPath: fact]) }
        if !unread.contains(where: { $0.failure == silence }) { note("the cluster", silence) }
        return nil
    }

    /// A fact that helm reads; where helm itself is unusable, that is reported.
    mutating func helm<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        if facts[keyPath: fact].value == nil, let missing = facts.helm.failure {
            note(name, missing)
            return nil
        }
        return cluster(name, fact)
    }

    /// A fact about the releases of the namespace.
    mutating func releases<Value>(_ answers: Answers, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        cluster("the releases in the namespace \(answers.namespace)", fact)
    }

    /// The builders of docker buildx, unless the selected one could not be read.
    mutating func builders(_ answers: Answers) -> Facts.Builders? {
        guard let builders = machine("the builders of docker buildx", \.builders) else { return nil }
        guard builders.unreadable.contains(answers.builder) else { return builders }
        note(
            "the builder \(answers.builder)",
            InstallerError("The file of the builder \(answers.builder) cannot be read"))
        return nil
    }

    private mutating func read<Value>(_ name: String, _ fact: Fact<Value>) -> Value? {
        switch fact {
        case .known(let value): return value
        case .unavailable(let failure): note(name, failure)
        case .pending:
            unread.append(
                PlanRefusal.Unread(
                    name: name, failure: InstallerError("Not checked yet"), isPending: true))
        }
        return nil
    }

    private mutating func note(_ name: String, _ failure: InstallerError) {
        unread.append(PlanRefusal.Unread(name: name, failure: failure))
    }

    var refusal: PlanRefusal { PlanRefusal(unread: unread) }

    /// - Parameter way: another way on than to try again.
    func refusal(otherwise way: String) -> PlanRefusal {
        var refusal = refusal
        refusal.hint += "\n\(way)"
        return refusal
    }
}
