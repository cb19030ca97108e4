import LabSupport
import Testing

/// SIGKILL after every tool call by which a command changes something, and inside its actions, while it changes files:
/// repeating the command then completes it. With `KILLS=all` also before every call, which only differs by what the
/// command does itself in between, and at every change of a file.
@Suite struct KilledVerbTests {
    /// A command, and the minimum number of its calls: fewer show an unnoticed change of the plan.
    struct Verb: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var atLeast: Int
        /// For verbs whose runs wait long for pods: kill only after the tool, when the change is made but not yet
        /// recorded.
        var moments = Kills.areAll ? ToolKiller.Moment.allCases : [.after]
        /// The command that makes it possible; nil: it always is.
        var precededBy: [String]?
        /// The command that takes it back; nil: it can be repeated.
        var takenBackBy: [String]?
        /// Whether it removes everything.
        var isUninstall: Bool { arguments.first == "uninstall" }
        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let verbs = [
        Verb(arguments: ["rotate"], atLeast: 3),
        Verb(
            arguments: ["rotate", "--renew", "authority"], atLeast: 4,
            takenBackBy: ["rotate", "--finish", "--force"]),
        Verb(
            arguments: ["rotate", "--finish", "--force"], atLeast: 3,
            precededBy: ["rotate", "--renew", "authority"]),
        Verb(arguments: ["rotate", "--renew", "inner"], atLeast: 3, moments: [.after]),
        Verb(arguments: ["client", "renew", "carol"], atLeast: 1),
        Verb(
            arguments: ["client", "add", "bob", "--role", "builder"], atLeast: 3,
            takenBackBy: ["client", "revoke", "bob"]),
        Verb(
            arguments: ["client", "revoke", "carol"], atLeast: 3, takenBackBy: ["client", "add", "carol"]),
        Verb(arguments: ["sleep", "--force"], atLeast: 1, takenBackBy: ["wake"]),
        Verb(arguments: ["wake"], atLeast: 1, precededBy: ["sleep", "--force"]),
        Verb(arguments: ["install", "--memory", "3Gi"], atLeast: 1, takenBackBy: ["install"]),
        Verb(arguments: ["uninstall"], atLeast: 4),
    ]

    @Test(arguments: verbs) func theNextRunEndsAsAnUndisturbedOne(_ verb: Verb) async throws {
        try await Installation.begin { installation in
            let killer = try ToolKiller(over: installation)
            try await installation.installWithClient()
            var points: [String] = []
            for number in 1... {
                let former = points.count
                for moment in verb.moments {
                    if let before = verb.precededBy { try await installation.require(before) }
                    try killer.arm(moment, number: number)
                    _ = try await installation.run(verb.arguments)
                    let point = killer.point
                    try killer.disarm()
                    guard let point else { continue }
                    points.append(point)
                    let next = try await installation.run(verb.arguments)
                    #expect(next.succeeded, "\(moment.rawValue) \(number): \(next)")
                    try await installation.expectWhole(after: verb.arguments, "\(moment.rawValue) \(number)")
                    if let taker = verb.takenBackBy { try await installation.require(taker) }
                    if verb.isUninstall { try await installation.installWithClient() }
                }
                // The run had no call with that number: all have been tested.
                if points.count == former { break }
            }
            #expect(points.count >= verb.atLeast * verb.moments.count, "\(points)")
        }
    }

    /// The same commands, and those that create and delete most files.
    private static let fileVerbs: [Verb] =
        verbs.dropLast() + [
            Verb(arguments: ["install"], atLeast: 1, precededBy: ["uninstall", "--everything"]),
            Verb(arguments: ["uninstall", "--everything"], atLeast: 1),
        ]

    /// Right before a change of a file, or in the middle of a write: at one of the changes that a run makes.
    @Test(arguments: fileVerbs) func aFileThatWasBeingChangedIsBroughtToItsEnd(_ verb: Verb) async throws {
        try await Installation.begin { installation in
            let killer = try FileKiller(
                of: installation.laptop.installer, below: installation.laptop.home, in: installation.folder)
            if !verb.isUninstall { try await installation.installWithClient() }
            /// - Returns: the number of the last change.
            func attempt(killedAt number: Int) async throws -> Int {
                if verb.isUninstall { try await installation.installWithClient() }
                if let before = verb.precededBy { try await installation.require(before) }
                let cut = try await killer.run(installation.words(verb.arguments), killedAt: number)
                if number == 0 {
                    #expect(cut.outcome.succeeded, "\(cut.outcome)")
                } else {
                    let next = try await installation.run(verb.arguments)
                    let moment = "killed at \(cut.last?.description ?? "none")"
                    #expect(next.succeeded, "\(moment): \(next)")
                    try await installation.expectWhole(after: verb.arguments, moment)
                }
                if let taker = verb.takenBackBy { try await installation.require(taker) }
                return cut.last?.number ?? 0
            }
            let count = try await attempt(killedAt: 0)
            var kills = 0
            for number in FileKiller.sample(1, of: count) {
                // A run that makes fewer changes than the one before was not killed.
                if try await attempt(killedAt: number) == number { kills += 1 }
            }
            #expect(kills > 0, "\(count) changes")
        }
    }
}
