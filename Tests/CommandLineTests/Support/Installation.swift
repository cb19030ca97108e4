import FoundationEssentials
import LabSupport

/// The files of `make install` below a PREFIX, with the program that was built for the tests.
struct Installation: Sendable {
    let root: String

    /// Installs into an empty folder that is removed afterwards.
    static func with<Result>(_ body: (Installation) async throws -> Result) async throws -> Result {
        try await withTemporaryFolder { folder in
            let make = Program("make", environment: ["MAKEFLAGS": nil, "MAKELEVEL": nil])
            try await make.require(
                // The program has already been built.
                "--directory", repository, "--old-file", "build", "install",
                "PRODUCT=\(Program.builtInstaller)", "PREFIX=/usr", "DESTDIR=\(folder)")
            try FileManager.default.createDirectory(
                atPath: "\(folder)/home", withIntermediateDirectories: true)
            return try await body(Installation(root: folder))
        }
    }

    /// The folder that replaces the machine's own.
    var prefix: String { "\(root)/usr" }
    var home: String { "\(root)/home" }

    /// A shell of a user with a default configuration and this program.
    func shell(_ name: String) -> Program {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return Program(
            name,
            environment: [
                "PATH": "\(prefix)/bin:\(path)", "HOME": home, "XDG_DATA_DIRS": "\(prefix)/share",
                "XDG_CONFIG_HOME": nil, "DOCKER_CONFIG": nil, "BUILDX_CONFIG": nil, "TERM": "xterm",
            ])
    }

    /// A script of these tests that makes a shell complete a line.
    static func script(_ name: String) -> String { "\(repository)/Tests/CommandLineTests/Shells/\(name)" }

    static let repository =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")
}
