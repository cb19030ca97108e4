import FoundationEssentials
import LabSupport

/// A user's machine whose kubectl, helm and docker are scripts, for behaviour that real tools cannot be made to show.
struct Machine: Sendable {
    let root: String
    var home: String { "\(root)/home" }
    let installer: Program

    /// - Parameter tools: the scripts, by the tools' names.
    init(in root: String, tools: [String: String], environment: [String: String?] = [:]) throws {
        self.root = root
        for folder in ["home", "bin", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        for (tool, script) in tools {
            try StandIn.write(script, to: "\(root)/bin/\(tool)")
        }
        installer = Program(
            try Program.builtInstaller,
            environment: [
                "HOME": "\(root)/home", "PATH": "\(root)/bin:/usr/bin:/bin", "TMPDIR": "\(root)/tmp",
                "KUBECONFIG": "\(root)/kubeconfig", "SWIFT_BACKTRACE": "enable=no", "XDG_CONFIG_HOME": nil,
                "XDG_STATE_HOME": nil, "DOCKER_CONFIG": nil, "BUILDX_CONFIG": nil,
            ].merging(environment) { $1 })
    }

    /// Every file below a folder of the machine, by its path there.
    func files(below folder: String = "") throws -> [String] {
        let top = folder.isEmpty ? root : "\(root)/\(folder)"
        return try FileManager.default.subpathsOfDirectory(atPath: top).sorted()
    }
}

extension String {
    /// Whether a terminal would act on something in it, or change its order.
    var actsOnATerminal: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n" && scalar != "\t"
            case .format: scalar != "\u{200C}" && scalar != "\u{200D}" && scalar != "\u{AD}"
            case .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}
