import Installer

/// Shell scripts in the place of kubectl, helm and docker, for what only a real process can show.
struct FakeTools {
    let folder: TemporaryFolder

    init(_ scripts: [Tool: String]) throws {
        folder = try TemporaryFolder()
        for (tool, script) in scripts {
            try folder.write("#!/bin/sh\n\(script)\n", to: tool.rawValue, mode: 0o755)
        }
    }

    /// A runner that finds the scripts first, and the shell's own tools after them.
    var runner: ProcessRunner {
        ProcessRunner(
            environment: ["PATH": "\(folder.path):/usr/bin:/bin", "COLOUR": "blue"], grace: .milliseconds(200)
        )
    }
}
