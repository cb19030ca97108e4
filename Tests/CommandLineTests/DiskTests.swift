import FoundationEssentials
import LabSupport
import Testing

/// Disks that are full or not writable, in a mount namespace of the test's own.
@Suite(.timeLimit(.minutes(10)))
struct DiskTests {
    /// Runs the installer with a small file system mounted at `disk`, and lists its files afterwards.
    private func issue(
        _ machine: Machine, prepare: String, _ arguments: [String] = []
    ) async throws -> (outcome: Outcome, left: [String]) {
        let disk = "\(machine.root)/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let script = """
            set -e
            mount -t tmpfs -o size=24k,mode=700 tmpfs "$1"
            \(prepare)
            shift
            status=0
            "$@" || status=$?
            echo "LEFT"
            find "$DISK" -mindepth 1 ! -name filler
            exit $status
            """
        var environment = machine.installer.environment
        environment["DISK"] = disk
        environment["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin"
        let outcome = try await Program("unshare", environment: environment).run(
            [
                "--map-root-user", "--mount", "sh", "-c", script, "sh", disk, machine.installer.path, "issue",
                "--sans",
                "builder.example.com",
            ] + arguments)
        let parts = outcome.output.components(at: "LEFT\n")
        return (
            Outcome(status: outcome.status, output: parts.first ?? "", errors: outcome.errors),
            (parts.last ?? "").split(separator: "\n").map { String($0.replacing(disk, with: "")) }
        )
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

extension String {
    /// The text before and after a mark.
    fileprivate func components(at mark: String) -> [String] {
        guard let range = firstRange(of: mark) else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
