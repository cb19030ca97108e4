import MutualTLS

/// Builds command lines of docker buildx. Pure: nothing is run here.
public enum Buildx {
    /// Registers a remote builder, or changes the one of that name in place: only with its node's name does buildx
    /// treat a second `create` as a change.
    public static func create(_ registration: BuilderRegistration, endpoint: Endpoint, servername: String?)
        -> Command
    {
        let folder = registration.folder
        var options = ["cacert=\(folder)/ca.pem", "cert=\(folder)/cert.pem", "key=\(folder)/key.pem"]
        if let servername, servername != endpoint.host { options.append("servername=\(servername)") }
        return create(
            registration.builder, node: registration.node, options: options,
            platforms: registration.platforms,
            endpoint: "\(endpoint)", use: registration.use)
    }

    static func create(
        _ builder: String, node: String, options: [String], platforms: [String], endpoint: String, use: Bool
    ) -> Command {
        var arguments = ["buildx", "create", "--name", builder, "--node", node, "--driver", "remote"]
        arguments += ["--driver-opt", options.map(\.csvQuoted).joined(separator: ",")]
        if !platforms.isEmpty { arguments += ["--platform", platforms.joined(separator: ",")] }
        if use { arguments.append("--use") }
        return Command(.docker, arguments + [endpoint])
    }

    /// buildx's name for the first node of a builder, the only one that this program registers.
    static func node(of builder: String) -> String { "\(builder)0" }

    /// Removes a node from a builder that keeps others. buildx refuses to remove the last one.
    static func leave(_ builder: String, node: String) -> Command {
        Command(.docker, ["buildx", "create", "--name", builder, "--node", node, "--leave"])
    }

    public static func remove(_ builder: String) -> Command { Command(.docker, ["buildx", "rm", builder]) }
    public static func use(_ builder: String) -> Command { Command(.docker, ["buildx", "use", builder]) }

    /// Queries the builder's state. buildx hides why a connection fails; gRPC's own log reports it at once.
    public static func inspect(_ builder: String) -> Command {
        // Where nothing answers, and while the proxy holds the request, buildx gives up after 40 seconds.
        Command(
            .docker, ["buildx", "inspect", builder], environment: ["GRPC_GO_LOG_SEVERITY_LEVEL": "warning"],
            timeout: 120)
    }

    /// Builds a folder and exports the result to another one, without using a registry.
    public static func build(_ builder: String, context: String, into folder: String, timeout: Int) -> Command
    {
        Command(
            .docker,
            [
                "buildx", "build", "--builder", builder, "--progress", "plain", "--output",
                "type=local,\("dest=\(folder)".csvQuoted)", context,
            ], timeout: timeout)
    }

    /// Creates certificates with a bake definition, which writes below its working directory; it takes names
    /// separated by spaces. Without `--no-cache` a second run would return the first one's certificates.
    public static func bake(_ definition: String, names: [String]) -> Command {
        Command(
            .docker,
            [
                "buildx", "bake", definition, "--progress", "plain", "--no-cache", "--set",
                "*.output=type=local,dest=.",
            ],
            environment: ["SAN": names.joined(separator: " ")], timeout: 900)
    }
}

extension String {
    /// The text as one item of a comma-separated flag of buildx, kubectl or Helm: quoted only where necessary.
    var csvQuoted: String {
        guard utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return self }
        // By scalars: the parser of the list treats a quote with a combining mark as a quote.
        var out = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in unicodeScalars {
            if scalar == "\"" { out.append(scalar) }
            out.append(scalar)
        }
        out.append("\"")
        return String(out)
    }
}

/// The planned registration of a remote builder in buildx.
public struct BuilderRegistration: Codable, Equatable, Sendable {
    public var builder: String
    public var address: Address
    /// The name to expect in the server certificate; nil: the endpoint's host.
    public var servername: String?
    /// The folder with `ca.pem`, `cert.pem` and `key.pem`; absolute, because buildx stores the path.
    public var folder: String
    public var platforms: [String]
    /// Whether it becomes the current builder.
    public var use: Bool

    public var node: String { Buildx.node(of: builder) }
}

/// The address of a builder.
public enum Address: Codable, Equatable, Sendable {
    case endpoint(endpoint: Endpoint)
    /// The Service's address at the time of registration.
    case service(service: ServiceName, exposure: Exposure, names: [SubjectName])
}
