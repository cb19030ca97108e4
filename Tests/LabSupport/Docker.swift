import FoundationEssentials

/// The docker command line with buildx, without an engine.
public enum Docker {
    /// - Parameter folder: for its configuration and buildx's builders; a new folder is a user without builders.
    public static func configured(in folder: String) throws -> Program {
        let plugins = try LabPart.dockerPlugins.path
        try Data(#"{"cliPluginsExtraDirs": ["\#(plugins)"]}"#.utf8)
            .write(to: URL(filePath: "\(folder)/config.json"))
        return try Program(.docker, environment: ["DOCKER_CONFIG": folder])
    }
}
