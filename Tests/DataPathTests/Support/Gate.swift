import FoundationEssentials
import LabSupport

/// Holds RUN steps until the test opens it, and reports which of them have arrived.
struct Gate: Sendable {
    private let folder: String
    private let port: Int
    private let server: RunningProgram

    static func whileServing<Result: Sendable>(_ body: (Gate) async throws -> Result) async throws -> Result {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            let arguments = [
                "-u", "-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", folder,
            ]
            return try await Program("python3").whileRunning(arguments, ready: "Serving HTTP") { server in
                try await body(Gate(folder: folder, port: port, server: server))
            }
        }
    }

    /// A shell command that ends when the gate is open, for builds with `--network host`.
    func waiting(as name: String) -> String {
        "until wget -q -O /dev/null 'http://127.0.0.1:\(port)/open?\(name)'; do sleep 1; done"
    }

    func isAwaited(by name: String) -> Bool { server.log.contains("/open?\(name) ") }

    func open() throws { try Data().write(to: URL(filePath: "\(folder)/open")) }
}
