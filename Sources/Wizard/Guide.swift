import Installer

/// What a wizard has to know of the verb that it walks through: pure functions of answers, facts and plan.
public struct Guide: Sendable {
    public var checks: [Check]
    /// Answers that the facts suggest for a field.
    public var proposals: @Sendable (Field, Facts, Answers) -> [Proposal]
    public var plan: @Sendable (Answers, Facts) -> Plan
    /// The plan as commands that a person could type.
    public var script: @Sendable (Plan) -> String
    /// The chart's values that follow from the answers, as text.
    public var values: @Sendable (Answers, Facts) -> String

    public init(
        checks: [Check], proposals: @escaping @Sendable (Field, Facts, Answers) -> [Proposal],
        plan: @escaping @Sendable (Answers, Facts) -> Plan, script: @escaping @Sendable (Plan) -> String,
        values: @escaping @Sendable (Answers, Facts) -> String
    ) {
        self.checks = checks
        self.proposals = proposals
        self.plan = plan
        self.script = script
        self.values = values
    }
}

/// An answer that the facts suggest, and why.
public struct Proposal: Equatable, Sendable {
    public var value: String
    /// "the load balancer's address".
    public var reason: String

    public init(value: String, reason: String) {
        self.value = value
        self.reason = reason
    }
}
