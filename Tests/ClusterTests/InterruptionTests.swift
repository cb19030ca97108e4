import Glibc
import LabSupport
import Testing

/// Signals, and a second concurrent run.
@Suite struct InterruptionTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func theToolIsStoppedAndEverythingTakenBack(_ signal: Int32)
        async throws
    {
        try await Installation.begin { installation in
            let files = try installation.files()
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let outcome = try await installation.install([], signal: signal) { _ in tools.isHolding }
            #expect(outcome.status == 130, "\(outcome)")
            #expect(try outcome.result()["outcome"] == "interrupted")
            #expect(try outcome.result()["rolledBack"] == true)
            #expect(try await !installation.cluster.has(installation.namespace))
            #expect(try installation.files().filter { !$0.isFolder } == files.filter { !$0.isFolder })
            // The tool that is released now has been stopped: it does nothing.
            let calls = try tools.calls
            try tools.letGo()
            #expect(try tools.calls == calls)
            #expect(try await installation.revisions().isEmpty)
        }
    }

    /// A command on an installation, and the call of a tool at which it is interrupted.
    struct Cut: Sendable, CustomTestStringConvertible {
        var words: [String]
        var tool: String
        var number = 1
        /// The command that takes it back; nil: it can be repeated.
        var takenBackBy: [String]?
        var testDescription: String { words.joined(separator: " ") }
    }

    private static let cuts = [
        // The first call registers the certificates.
        Cut(words: ["rotate"], tool: "apply --server-side", number: 2),
        Cut(words: ["rotate", "--renew", "inner"], tool: "rollout restart"),
        Cut(
            words: ["client", "add", "bob", "--role", "builder"], tool: "helm upgrade",
            takenBackBy: ["client", "revoke", "bob"]),
        Cut(words: ["uninstall"], tool: "helm uninstall"),
    ]

    @Test(arguments: cuts) func anySignalEndsTheToolAndTheNextRunCompletesTheCommand(_ cut: Cut) async throws
    {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                try await installation.installWithClient()
                try tools.hold(.before, cut.tool, number: cut.number)
                let command = installation.words(cut.words)
                let outcome = try await installation.run(command, signal: signal) { _ in tools.isHolding }
                #expect(outcome.status == 130, "\(outcome)")
                #expect(try outcome.result()["outcome"] == "interrupted")
                // The tool is still held, so only the signal can have ended it.
                try await eventually("no tool runs", within: .seconds(30)) {
                    try installation.laptop.processes().isEmpty
                }
                try tools.letGo()
                #expect(try await installation.cluster.list("leases", in: installation.namespace).isEmpty)
                let next = try await installation.run(cut.words)
                #expect(next.succeeded, "\(next)")
                try await installation.expectWhole(after: cut.words, "after signal \(signal)")
                if let taker = cut.takenBackBy { try await installation.require(taker) }
            }
        }
    }

    @Test func whatWasInterruptedAndKeptIsGoneOnFrom() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let outcome = try await installation.install(["--keep-on-failure"], signal: SIGINT) { _ in
                tools.isHolding
            }
            #expect(outcome.status == 130, "\(outcome)")
            try tools.letGo()
            let next = try await installation.install("--output", "json")
            #expect(try next.plannedSteps() == ["chart", "release", "builder"])
            try await expectAsUndisturbed(installation)
        }
    }

    @Test func aSecondRunBesideTheFirstRefusesAndTouchesNothing() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let first = try await installation.withInstaller([]) { _ in
                try await installation.before(itEnds: "the first is in the middle") { tools.isHolding }
                let objects = try await installation.objects()
                let second = try await installation.install()
                #expect(second.status == 75)
                #expect(
                    second.errors.contains(
                        "Another buildkit-installer process is running on this installation"))
                let third = try await installation.install("--output", "json")
                #expect(third.output.contains(#""outcome":"refused""#), "\(third)")
                #expect(
                    try await installation.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))
                try tools.letGo()
            }
            #expect(first.status == 0, "\(first)")
            try await expectAsUndisturbed(installation)
        }
    }
}
