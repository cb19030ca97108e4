import FoundationEssentials

/// A user's machine: an empty home, the tools on its PATH and nothing else, and the installer that was just built.
public struct Laptop: Sendable {
    public let home: String
    /// The folder that its tools are in, the first of its PATH.
    public let programs: String
    public let installer: Program
    /// `docker`, as the user would type it.
    public let docker: Program

    /// - Parameters:
    ///   - folder: an empty folder.
    ///   - kubeconfig: nil: a machine that knows of no cluster.
    ///   - tools: those that are installed.
    public init(
        in folder: String, kubeconfig: String? = nil, tools: [LabPart] = [.kubectl, .helm, .docker],
        environment more: [String: String?] = [:]
    ) throws {
        home = "\(folder)/home"
        programs = "\(folder)/bin"
        for path in [programs, "\(home)/.docker"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try LabPart.link(tools, into: programs)
        // The lab's helm is a script. The system's folder itself may hold another kubectl, which is not installed here.
        for name in ["dirname", "readlink"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(programs)/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        let plugins = try LabPart.dockerPlugins.path
        try Data(#"{"cliPluginsExtraDirs": ["\#(plugins)"]}"#.utf8)
            .write(to: URL(filePath: "\(home)/.docker/config.json"))
        let environment: [String: String?] = [
            "HOME": home, "PATH": programs,
            "KUBECONFIG": kubeconfig ?? "\(folder)/no-kubeconfig",
            "XDG_CONFIG_HOME": nil, "XDG_STATE_HOME": nil, "DOCKER_CONFIG": nil, "BUILDX_CONFIG": nil,
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(more) { _, last in last }
        installer = Program(try Program.builtInstaller, environment: environment)
        docker = Program("docker", environment: environment)
    }
}

extension Laptop {
    /// The program behind a tool that was not replaced yet.
    public func target(of tool: String) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "\(programs)/\(tool)")
    }

    /// Puts a shell script in the place of a tool.
    public func replace(_ tool: String, with script: String) throws {
        let place = "\(programs)/\(tool)"
        try FileManager.default.removeItem(atPath: place)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: place))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    }
}
