import FoundationEssentials
import LabSupport

/// Writes down how the tools of a user's machine are called: with which arguments, and in which environment. It also
/// keeps a copy of the user's configuration at that moment, because a run that fails takes back the keys it made.
struct ToolRecorder {
    /// A file for every call.
    let calls: String
    /// A folder for every call.
    let configurations: String

    /// - Parameter folder: exists.
    init(on laptop: Laptop, in folder: String) throws {
        calls = "\(folder)/calls"
        configurations = "\(folder)/configurations"
        for path in [calls, configurations] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        for tool in ["kubectl", "helm", "docker"] {
            let target = try laptop.target(of: tool)
            // With whole paths: the machine's PATH has its own tools only.
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
