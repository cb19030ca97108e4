import FoundationEssentials

/// The docker command line with buildx, and without an engine.
public enum Docker {
    /// - Parameter folder: for its configuration and buildx's builders; a new one is a user who has none yet.
    public static func configured(in folder: String) throws -> Program {
        let plugins = try LabPart.dockerPlugins.path
        try Data(#"{"cliPluginsExtraDirs": ["\#(plugins)"]}"#.utf8)
            .write(to: URL(filePath: "\(folder)/config.json"))
        return try Program(.docker, environment: ["DOCKER_CONFIG": folder])
    }
}
