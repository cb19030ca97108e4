import FoundationEssentials

/// A small file system, mounted only for the programs that it runs, in a mount namespace of their own.
public struct SmallDisk: Sendable {
    /// Where it is mounted.
    public let path: String
    private let kibibytes: Int

    /// - Parameter path: an existing folder, or one to be created.
    public init(at path: String, kibibytes: Int) throws {
        (self.path, self.kibibytes) = (path, kibibytes)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Runs a program, and lists the files on the disk afterwards, by their paths there.
    /// - Parameter preparation: shell commands that run first, with the path of the disk as `$1`.
    public func run(
        _ program: Program, _ arguments: [String], after preparation: String
    ) async throws -> (outcome: Outcome, left: [String]) {
        let script = """
            set -e
            mount -t tmpfs -o size=\(kibibytes)k,mode=700 tmpfs "$1"
            \(preparation)
            shift
            status=0
            "$@" || status=$?
            echo "\(Self.mark)"
            find "$DISK" -mindepth 1 ! -name filler
            exit $status
            """
        var environment = program.environment
        environment["DISK"] = path
        let programs = (environment["PATH"] ?? nil).map { "\($0):" } ?? ""
        environment["PATH"] = "\(programs)/usr/bin:/bin:/usr/sbin:/sbin"
        let outcome = try await Program("unshare", environment: environment).run(
            ["--map-root-user", "--mount", "sh", "-c", script, "sh", path, program.path] + arguments)
        let end = outcome.output.firstRange(of: "\(Self.mark)\n")
        let said = end.map { outcome.output[..<$0.lowerBound] } ?? outcome.output[...]
        let list = end.map { outcome.output[$0.upperBound...] } ?? ""
        return (
            Outcome(status: outcome.status, output: String(said), errors: outcome.errors),
            list.split(separator: "\n").map { String($0.replacing(path, with: "")) }
        )
    }

    private static let mark = "LEFT"
}
