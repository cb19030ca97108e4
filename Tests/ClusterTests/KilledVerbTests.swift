import FoundationEssentials
import LabSupport
import Testing

/// SIGKILL at every tool by which a verb changes something, before it and after it: the same command then ends where it
/// would have ended.
@Suite struct KilledVerbTests {
    /// A verb, and how many points it is killed at: no fewer, or a change of the plan has gone unseen.
    struct Verb: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var atLeast: Int
        /// What makes it possible once more; nil: it always is.
        var takenBackBy: [String]?
        /// Whether it takes all of it away.
        var isUninstall: Bool { arguments.first == "uninstall" }
        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let verbs = [
        Verb(arguments: ["rotate"], atLeast: 6),
        Verb(
            arguments: ["rotate", "--renew", "authority"], atLeast: 8,
            takenBackBy: ["rotate", "--finish", "--force"]),
        Verb(
            arguments: ["client", "add", "bob", "--role", "builder"], atLeast: 6,
            takenBackBy: ["client", "revoke", "bob"]),
        Verb(
            arguments: ["client", "revoke", "carol"], atLeast: 6, takenBackBy: ["client", "add", "carol"]),
        Verb(arguments: ["uninstall"], atLeast: 8),
    ]

    @Test(arguments: verbs) func theNextRunEndsAsAnUndisturbedOne(_ verb: Verb) async throws {
        try await Installation.begin { installation in
            let killer = try ToolKiller(over: installation)
            try await installation.prepare()
            var points: [String] = []
            for number in 1... {
                let former = points.count
                for moment in ToolKiller.Moment.allCases {
                    try killer.arm(moment, number: number)
                    _ = try await installation.change(verb)
                    let point = killer.point
                    try killer.disarm()
                    guard let point else { continue }
                    points.append(point)
                    let next = try await installation.change(verb)
                    #expect(next.succeeded, "\(moment.rawValue) \(number): \(next)")
                    try await installation.expectWhole(after: verb, "\(moment.rawValue) \(number)")
                    if let taker = verb.takenBackBy { try await installation.require(taker) }
                    if verb.isUninstall { try await installation.prepare() }
                }
                // The run had no call of that number: all have had their turn.
                if points.count == former { break }
            }
            #expect(points.count >= verb.atLeast, "\(points)")
        }
    }
}

extension Installation {
    /// Makes it, with a client whom a verb may revoke.
    fileprivate func prepare() async throws {
        if try await !cluster.has(namespace) {
            // One that is about to go takes nothing new.
            try await eventually("the namespace is gone") { try await cluster.isRid(of: namespace) }
        }
        _ = try await laptop.installer.require(["install", "--yes"] + answers)
        try await require(["client", "add", "carol"])
    }

    fileprivate func require(_ words: [String]) async throws {
        _ = try await laptop.installer.require(
            words + ["--yes", "--namespace", namespace, "--verify", "no"])
    }

    fileprivate func change(_ verb: KilledVerbTests.Verb) async throws -> Outcome {
        let verify = verb.isUninstall ? [] : ["--verify", "no"]
        return try await laptop.installer.run(
            verb.arguments + ["--yes", "--namespace", namespace, "--timeout", "60"] + verify)
    }

    /// What the Secret holds is what lies here, and nothing is left half-way.
    fileprivate func expectWhole(
        after verb: KilledVerbTests.Verb, _ moment: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let comment = Comment(rawValue: moment)
        if verb.isUninstall {
            #expect(try await revisions().isEmpty, comment, sourceLocation: location)
            return
        }
        #expect(try await cluster.list("leases", in: namespace).isEmpty, comment, sourceLocation: location)
        let secret = try await envoySecret()
        let files = [
            "ca.pem": "daemon/ca.pem", "server.pem": "daemon/cert.pem", "server-key.pem": "daemon/key.pem",
            "crl.pem": "authority/crl.pem",
        ]
        for (key, file) in files {
            #expect(secret[key] == (try text(path(of: "certs/\(file)"))), comment, sourceLocation: location)
        }
        let left = try self.files().map(\.path).filter {
            [".issuing", ".issued", "/renewal", ".aside", "buildkit-installer-new"].contains(
                where: $0.contains)
        }
        #expect(left == [], comment, sourceLocation: location)
        #expect(try await revisions().last == "deployed", comment, sourceLocation: location)
    }
}
