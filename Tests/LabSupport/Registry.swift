import FoundationEssentials

/// A real registry on a port of 127.0.0.1, which requires a name and a password.
public struct Registry: Sendable {
    /// The prefix of its images' names.
    public let address: String

    private static let user = "ada:open sesame"
    /// The same credentials, as the registry stores them.
    private static let entry = "ada:$2b$04$iwEEhhHdM0qMT.iphamLPu3s0iQ5jSAjweuA5ndW3CGrvkYchemW6\n"

    public static func whileServing<Result: Sendable>(
        _ body: (Registry) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let registry = Registry(address: "127.0.0.1:\(try freePort())")
            let configuration = """
                version: 0.1
                storage: {filesystem: {rootdirectory: \(folder)/data}}
                http: {addr: "\(registry.address)"}
                auth: {htpasswd: {realm: test, path: \(folder)/users}}
                """
            try Data(entry.utf8).write(to: URL(filePath: "\(folder)/users"))
            try Data(configuration.utf8).write(to: URL(filePath: "\(folder)/registry.yaml"))
            return try await Program(.registry).whileRunning(
                ["serve", "\(folder)/registry.yaml"], ready: "listening on"
            ) { _ in try await body(registry) }
        }
    }

    /// The same docker, for a user who has logged in: it has a separate configuration, and the same builders.
    /// - Parameters:
    ///   - docker: with `HOME` in its environment.
    ///   - folder: an existing folder, for the configuration.
    public func loggedIn(_ docker: Program, in folder: String) throws -> Program {
        guard let home = docker.environment["HOME"] ?? nil else {
            throw LabFailure("This docker has no home, where its builders would be.")
        }
        let password = Data(Self.user.utf8).base64EncodedString()
        let configuration =
            #"{"cliPluginsExtraDirs": ["\#(try LabPart.dockerPlugins.path)"], "#
            + #""auths": {"\#(address)": {"auth": "\#(password)"}}}"#
        try Data(configuration.utf8).write(to: URL(filePath: "\(folder)/config.json"))
        var docker = docker
        docker.environment["DOCKER_CONFIG"] = folder
        docker.environment["BUILDX_CONFIG"] = "\(home)/.docker/buildx"
        return docker
    }
}
