import Installer

/// The names of contexts that look like production: they are marked on every page, and destructive operations require
/// the release's name.
public struct ProductionNames: Equatable, Sendable {
    /// The variable with the patterns, separated by commas.
    public static let variable = "BUILDKIT_INSTALLER_PRODUCTION"
    private static let usual = ["prod", "production", "prd", "live"]

    private let patterns: [String]

    /// Reads the patterns; without the variable the usual names apply, and an empty one turns the mark off.
    public init(environment: [String: String] = [:]) {
        patterns =
            environment[Self.variable].map { text in
                text.split(separator: ",").map { $0.lowercased().filter { $0 != " " } }
            } ?? Self.usual
    }

    /// Whether a pattern is one of the name's words, or, with `*` for any text, matches the whole name.
    public func match(_ context: String) -> Bool {
        let name = context.lowercased()
        let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return patterns.contains { pattern in
            pattern.contains("*") ? Self.matches(name[...], pattern[...]) : words.contains(pattern)
        }
    }

    /// Asks for the release's name before a destructive operation; nil: the operation or the context does not need it.
    public func question(before verb: Workflow, _ answers: Answers, in context: String) -> String? {
        guard verb.isDestructive(answers), match(context) else { return nil }
        return
            "The context \(context) looks like production. To \(verb.go), type the release name, \(answers.release):"
    }

    private static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard first == "*" else {
            return text.first == first && matches(text.dropFirst(), pattern.dropFirst())
        }
        let rest = pattern.dropFirst()
        return text.indices.contains { matches(text[$0...], rest) } || matches(text[text.endIndex...], rest)
    }
}
