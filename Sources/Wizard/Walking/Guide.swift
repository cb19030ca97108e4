import Installer

/// What a wizard has to know of the verb that it walks through: pure functions of answers and facts.
public struct Guide: Sendable {
    public var checks: [Check]
    public var plan: @Sendable (Answers, Facts) -> Plan
    /// The user's home folder, which is written as `~` on pages.
    public var home: String

    public init(home: String, checks: [Check], plan: @escaping @Sendable (Answers, Facts) -> Plan) {
        self.home = home
        self.checks = checks
        self.plan = plan
    }

    /// From a kubeconfig to a builder that builds.
    public static func install(places: Places, home: String) -> Guide {
        Guide(home: home, checks: Checks.install) { Plan.install($0, $1, places: places, home: home) }
    }

    /// A text with the paths in it as people write them.
    func short(_ text: String) -> String { text.replacing("\(home)/", with: "~/") }
}
