import Installer
import LabSupport

/// Shell scripts that replace kubectl, helm and docker, for behaviour that only a real process has.
struct FakeTools {
    let folder: TemporaryFolder

    init(_ scripts: [Tool: String]) throws {
        folder = try TemporaryFolder()
        for (tool, script) in scripts {
            try StandIn.write(script, to: "\(folder.path)/\(tool.rawValue)")
        }
    }

    /// A runner that finds the scripts first, and the shell's own tools after them.
    var runner: ProcessRunner {
        ProcessRunner(
            environment: ["PATH": "\(folder.path):/usr/bin:/bin", "COLOUR": "blue"], grace: .milliseconds(200)
        )
    }
}
