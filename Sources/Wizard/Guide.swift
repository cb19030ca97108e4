import Installer

/// What a wizard has to know of the verb that it walks through: pure functions of answers and facts.
public struct Guide: Sendable {
    public var checks: [Check]
    public var plan: @Sendable (Answers, Facts) -> Plan

    public init(checks: [Check], plan: @escaping @Sendable (Answers, Facts) -> Plan) {
        self.checks = checks
        self.plan = plan
    }

    /// From a kubeconfig to a builder that builds.
    public static func install(places: Places, home: String) -> Guide {
        Guide(checks: Checks.install) { Plan.install($0, $1, places: places, home: home) }
    }
}
