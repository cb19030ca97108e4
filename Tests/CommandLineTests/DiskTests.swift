import LabSupport
import Testing

/// Disks that are full or not writable, in a mount namespace of the test's own.
@Suite(.timeLimit(.minutes(10)))
struct DiskTests {
    /// Runs the installer with a small file system at `disk`, and lists its files afterwards.
    private func issue(
        _ machine: Machine, prepare: String, _ arguments: [String] = []
    ) async throws -> (outcome: Outcome, left: [String]) {
        try await SmallDisk(at: "\(machine.root)/disk", kibibytes: 24).run(
            machine.installer, ["issue", "--sans", "builder.example.com"] + arguments, after: prepare)
    }

    @Test func aFullDiskIsNamedAndNothingHalfIsLeft() async throws {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: folder, tools: [:])
            let (outcome, left) = try await issue(
                machine, prepare: #"head -c 12288 /dev/zero > "$1/filler""#,
                ["--certs", "\(folder)/disk/certs"])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
            #expect(!outcome.errors.contains("Rollback incomplete"), "\(outcome.errors)")
            #expect(left.filter { $0.contains(".") } == [], "files, or what was being made")
        }
    }

    @Test func aReadOnlyDiskIsNamedAndNothingIsClaimed() async throws {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: folder, tools: [:])
            let (outcome, left) = try await issue(
                machine, prepare: #"mkdir "$1/certs"; mount -o remount,ro "$1""#,
                ["--certs", "\(folder)/disk/certs"])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("Read-only file system"), "\(outcome.errors)")
            #expect(!outcome.errors.contains("No such file"), "\(outcome.errors)")
            #expect(!(outcome.errors + outcome.output).contains("Rollback failed"), "\(outcome.errors)")
            #expect(left == ["/certs"])
        }
    }

    @Test func nothingIsOpenToOthersWhateverTheUmask() async throws {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: folder, tools: [:])
            for arguments in [
                ["issue", "--sans", "builder.example.com", "--certs", "\(folder)/certs"],
                ["chart", "\(folder)/chart"],
            ] {
                try await Program("/bin/sh", environment: machine.installer.environment).require(
                    ["-c", #"umask 000; exec "$@""#, "sh", machine.installer.path] + arguments)
            }
            let open = try await Program("find").require(
                "\(folder)/certs", "\(folder)/chart", "\(folder)/home", "-perm", "/022", "!", "-type", "l")
            #expect(open == "\(folder)/home\n" || open == "")
            let keys = try await Program("find").require(
                "\(folder)/certs", "-name", "*key.pem", "-perm", "/077")
            #expect(keys == "")
        }
    }
}
