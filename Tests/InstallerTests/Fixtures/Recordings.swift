import FoundationEssentials
@testable import Installer

/// Output of the real tools: kubectl 1.32 with a control plane of 1.20, buildx 0.29, Helm's texts.
enum Recording {
    static func text(_ name: String, _ kind: String = "json") throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return String(
            decoding: try Data(contentsOf: folder.appending(path: "Recordings/\(name).\(kind)")),
            as: UTF8.self)
    }

    static func result(_ name: String) throws -> CommandResult { CommandResult(output: try text(name)) }

    /// The output of kubectl for a user without permission.
    static let forbidden = CommandResult(
        status: 1,
        errors: """
            Error from server (Forbidden): nodes is forbidden: User "half" cannot list resource "nodes" \
            in API group "" at the cluster scope

            """)
}

extension Query {
    /// The value in the output; nil where a further query would follow.
    func value(of results: CommandResult...) throws(InstallerError) -> Value? {
        guard case .found(let value) = try read(results) else { return nil }
        return value
    }
}

extension InstallationID {
    static let team = InstallationID(context: "production", namespace: "team", release: "buildkit")
}
