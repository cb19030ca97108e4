import FoundationEssentials
import LabSupport

/// Records the calls of the tools on a user's machine, with their arguments and environment. It also keeps a copy of
/// the user's configuration at that moment, because a failed run removes the keys that it created.
struct ToolRecorder {
    /// A file for every call.
    let calls: String
    /// A folder for every call.
    let configurations: String

    /// - Parameter folder: an existing folder.
    init(on laptop: Laptop, in folder: String) throws {
        calls = "\(folder)/calls"
        configurations = "\(folder)/configurations"
        for path in [calls, configurations] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        for tool in ["kubectl", "helm", "docker"] {
            let target = try laptop.target(of: tool)
            // With absolute paths: the machine's PATH only contains its own tools.
            try laptop.replace(
                tool,
                with: """
                    call=$(/usr/bin/mktemp -u \(tool).XXXXXXXX)
                    { printf '%s\\n' "$0" "$@"; /usr/bin/env; } > "\(calls)/$call"
                    /bin/cp -r "\(laptop.home)/.config" "\(configurations)/$call" 2>/dev/null
                    exec "\(target)" "$@"
                    """)
        }
    }
}
