import FoundationEssentials

/// A shell script in the place of a tool.
public enum StandIn {
    /// Writes the script, and links the tool's name to `Tests/Lab/stand-in`, which runs it.
    ///
    /// A file that was just written cannot always be executed ("Text file busy"): a process that is started at that moment
    /// has inherited the descriptor. A script that is only read has no such limit.
    public static func write(_ script: String, to path: String) throws {
        try Data("\(script)\n".utf8).write(to: URL(filePath: "\(path).script"))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: program)
    }

    /// What each of them is a link to.
    static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Lab/stand-in").path(percentEncoded: false)

    /// A tool that is one already has no program behind it.
    struct Replaced: Error { let tool: String }
}
