import FoundationEssentials

/// A user's machine: an empty home, only the tools on its PATH, and the installer that was just built.
public struct Laptop: Sendable {
    public let home: String
    /// The folder of its tools, the first one in its PATH.
    public let programs: String
    public let installer: Program
    /// `docker`, as the user would run it.
    public let docker: Program

    /// - Parameters:
    ///   - folder: an empty folder.
    ///   - kubeconfig: nil: a machine without access to a cluster.
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
        // The lab's helm is a script. The system's folder may contain another kubectl, which must not be available
        // here.
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
    /// The running processes with this machine's home: the installer, and the tools that it has started.
    public func processes() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter {
            process in
            // A process that ends while it is being read is not running.
            guard let environment = try? Data(contentsOf: URL(filePath: "/proc/\(process)/environ")) else {
                return false
            }
            return String(decoding: environment, as: UTF8.self).contains("HOME=\(home)\0")
        }
    }

    /// The program behind a tool that has not been replaced yet.
    public func target(of tool: String) throws -> String {
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: "\(programs)/\(tool)")
        guard target != StandIn.program else { throw StandIn.Replaced(tool: tool) }
        return target
    }

    /// Replaces a tool with a shell script. All queries are run by it: a replaced kubectl starts no proxy for the
    /// queries to share, which would also answer those of Helm.
    public func replace(_ tool: String, with script: String) throws {
        // Unless it is replaced already.
        if tool == "helm", let kubectl = try? target(of: "kubectl") {
            try replace("kubectl", with: "exec '\(kubectl)' \"$@\"")
        }
        let place = "\(programs)/\(tool)"
        let script = tool == "kubectl" ? "[ \"$1\" != proxy ] || exit 1\n\(script)" : script
        try FileManager.default.removeItem(atPath: place)
        try StandIn.write(script, to: place)
    }
}
