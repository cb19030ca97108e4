import FoundationEssentials
import LabSupport
import Testing

/// SIGKILL while a command that needs no cluster changes files: repeating it has the result of an undisturbed run.
@Suite(.timeLimit(.minutes(60)))
struct KilledCommandTests {
    @Test func theNextIssueCompletesTheCertificates() async throws {
        try await killed { machine in
            ["issue", "--sans", "builder.example.com", "--certs", "\(machine.root)/certs"]
        } then: { machine in
            for (authority, part) in [
                ("daemon/ca", "daemon/"), ("client/ca", "client/"), ("inner/ca", "inner/server-"),
                ("inner/ca", "inner/client-"),
            ] {
                let certs = "\(machine.root)/certs"
                try await Program("openssl").require(
                    "verify", "-CAfile", "\(certs)/\(authority).pem", "\(certs)/\(part)cert.pem")
                let keys = try await [
                    Program("openssl").require(
                        "x509", "-noout", "-pubkey", "-in", "\(certs)/\(part)cert.pem"),
                    Program("openssl").require("pkey", "-pubout", "-in", "\(certs)/\(part)key.pem"),
                ]
                #expect(keys[0] == keys[1], "\(part)")
            }
        }
    }

    @Test func theNextChartIsWhole() async throws {
        try await killed { machine in ["chart", "\(machine.root)/chart"] }
    }

    @Test func aChartThatIsReplacedIsNeverLeftInPieces() async throws {
        try await killed { machine in
            ["chart", "\(machine.root)/chart"]
        } after: { machine in
            try await machine.installer.require("chart", "\(machine.root)/chart")
        }
    }

    /// Runs a command on machines of their own, killed at some of its changes of files, and then once more.
    /// - Parameters:
    ///   - before: prepares a machine.
    ///   - check: examines the result of the second run.
    private func killed(
        _ words: (Machine) -> [String], after before: (Machine) async throws -> Void = { _ in },
        then check: (Machine) async throws -> Void = { _ in }
    ) async throws {
        let whole = try await outcome(of: words, killedAt: 0, after: before, then: check)
        #expect(whole.count > 10)
        for number in FileKiller.sample(24, of: whole.count) {
            let next = try await outcome(of: words, killedAt: number, after: before, then: check)
            #expect(next.files == whole.files, "killed at \(next.moment)")
        }
    }

    private func outcome(
        of words: (Machine) -> [String], killedAt number: Int, after before: (Machine) async throws -> Void,
        then check: (Machine) async throws -> Void
    ) async throws -> (count: Int, moment: String, files: Set<String>) {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: "\(folder)/machine", tools: [:])
            try await before(machine)
            let killer = try FileKiller(of: machine.installer, below: machine.root, in: folder)
            let cut = try await killer.run(words(machine), killedAt: number)
            let moment = cut.last?.description ?? "none"
            if number > 0 {
                #expect(cut.outcome.status == 137, "\(cut.outcome)")
                let next = try await machine.installer.run(words(machine))
                #expect(next.succeeded, "killed at \(moment): \(next)")
            } else {
                #expect(cut.outcome.succeeded, "\(cut.outcome)")
            }
            try await check(machine)
            // A stored certificate is named after its serial.
            let files = try machine.files().map {
                $0.replacing(/issued\/[0-9a-f]+\.pem/, with: "issued/SERIAL.pem")
            }
            return (cut.last?.number ?? 0, moment, Set(files))
        }
    }
}
