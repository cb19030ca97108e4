/// Why there is no plan: something that it depends on could not be read. What could not be read is not absent.
public struct PlanRefusal: Error, Equatable, Sendable {
    /// Something that could not be read, and why.
    public struct Unread: Equatable, Sendable {
        /// As the middle of a sentence has it: "the release buildkit".
        public var name: String
        public var failure: InstallerError
        /// Whether it is being looked up still.
        public var isPending = false
    }

    /// All of it, in the order in which it is asked for.
    public var unread: [Unread]

    /// Why each could not be read.
    var reasons: [String] { unread.map(\.failure.sentence) }

    /// The refusal in the form that users are told.
    public var failure: InstallerError {
        InstallerError(
            "Nothing is planned, for this could not be read: \(unread.map(\.name).inWords)",
            detail: reasons.joined(separator: "\n"),
            hint: "Run the same again: what could not be read may be readable by now. If not: "
                + "buildkit-installer doctor")
    }
}

/// Takes values out of facts, and remembers each that could not be read: a refusal names all of them at once.
struct FactReader {
    private let facts: Facts
    private var unread: [PlanRefusal.Unread] = []

    init(_ facts: Facts) { self.facts = facts }

    /// A fact of this machine.
    mutating func machine<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        read(name, facts[keyPath: fact])
    }

    /// A fact of the cluster. Where the cluster does not answer at all, that is said once.
    mutating func cluster<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        if let value = facts[keyPath: fact].value { return value }
        guard let silence = facts.server.failure else { return read(name, facts[keyPath: fact]) }
        if !unread.contains(where: { $0.failure == silence }) { note("the cluster", silence) }
        return nil
    }

    /// A fact that helm reads; where helm itself cannot be asked, that is what is said.
    mutating func helm<Value>(_ name: String, _ fact: KeyPath<Facts, Fact<Value>>) -> Value? {
        if facts[keyPath: fact].value == nil, let missing = facts.helm.failure {
            note(name, missing)
            return nil
        }
        return cluster(name, fact)
    }

    /// The builders of docker buildx, where the one that is asked for is none of those that could not be read.
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
                    name: name, failure: InstallerError("It has not been looked up"), isPending: true))
        }
        return nil
    }

    private mutating func note(_ name: String, _ failure: InstallerError) {
        unread.append(PlanRefusal.Unread(name: name, failure: failure))
    }

    var refusal: PlanRefusal { PlanRefusal(unread: unread) }
}
