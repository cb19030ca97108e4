import Installer

/// What a wizard has to know of the verb that it walks through: pure functions of answers and facts.
public struct Guide: Sendable {
    public internal(set) var verb: Verb
    private let places: Places
    /// The user's home folder, which is written as `~` on pages.
    private let home: String

    public init(_ verb: Verb, places: Places, home: String) {
        self.verb = verb
        self.places = places
        self.home = home
    }

    func plan(_ model: Model) -> Plan { verb.plan(model.answers, model.facts, places: places, home: home) }

    func results(_ model: Model) -> [CheckResult] { verb.checks.results(model.facts, model.answers) }

    /// A text with the paths in it as people write them.
    func short(_ text: String) -> String { text.replacing("\(home)/", with: "~/") }
}
