import FoundationEssentials

/// Runs `body` with an empty folder that only its owner can read, and deletes it afterwards.
public func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try makeTemporaryFolder()
    defer {
        // A test may have deleted it itself; other leftovers are removed by the system.
        try? FileManager.default.removeItem(atPath: folder)
    }
    return try await body(folder)
}

/// Short, because the path of a socket is limited to 107 bytes.
func makeTemporaryFolder() throws -> String {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let name = "lab-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    let folder = parent.hasSuffix("/") ? parent + name : "\(parent)/\(name)"
    try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    return folder
}
