import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Query<String> {
    static let kubectl = tool(Command(.kubectl, ["version", "--client", "--output", "json"], timeout: 15))

    /// `helm version` has no JSON output, and prints a Go structure without a template.
    static let helm = tool(Command(.helm, ["version", "--template", "{{.Version}}"], timeout: 15))

    /// Unlike `docker version`, it does not contact an engine, which is not required.
    ///
    /// podman provides a `docker` command that identifies itself as podman here and does not support buildx.
    static let docker = tool(Command(.docker, ["--version"], timeout: 15)) { text in
        guard text.lowercased().contains("podman") else { return nil }
        return InstallerError(
            "docker on this machine is podman, which cannot register builders", detail: text.trimmed,
            hint: Tool.docker.remedy)
    }

    /// It succeeds only where the plugin exists; `docker buildx --help` succeeds without it.
    ///
    /// It prints `github.com/docker/buildx v0.29.1 …`; another command of the same name prints something else.
    static let buildx = tool(Command(.docker, ["buildx", "version"], timeout: 15), called: "docker buildx") {
        text in
        guard !text.contains("buildx") else { return nil }
        return InstallerError(
            "docker buildx on this machine is another program", detail: text.trimmed,
            hint: Tool.docker.remedy)
    }

    /// - Parameter doubt: an error in the output, regardless of the version.
    private static func tool(
        _ command: Command, called name: String? = nil,
        doubt: @escaping @Sendable (String) -> InstallerError? = { _ in nil }
    ) -> Query {
        let name = name ?? command.tool.rawValue
        return Query(command) { result throws(InstallerError) in
            let text = try result.text(else: "Cannot read the version of \(name)")
            if let doubt = doubt(text) { throw doubt }
            guard let version = text.firstVersion else {
                throw InstallerError("Cannot read the version of \(name)", detail: text.trimmed)
            }
            return version
        }
    }
}

extension Query<Facts.Contexts> {
    /// The contexts' names, and the current one.
    static let contexts = Query(Kubectl.contexts) { result throws(InstallerError) in
        let list = try ContextList(result)
        return Facts.Contexts(names: list.names, current: list.current)
    }
}

/// Reads the files of buildx and the docker command line: only they contain a builder's options, and reading them is
/// the fastest, because nothing is dialled.
struct BuildxState: Sendable {
    /// The docker command line's folder.
    let docker: String
    /// buildx's folder.
    let buildx: String
    private let environment: [String: String]

    init(of dependencies: Dependencies) {
        environment = dependencies.environment
        docker = environment.word("DOCKER_CONFIG") ?? "\(dependencies.home)/.docker"
        buildx = environment.word("BUILDX_CONFIG") ?? "\(docker)/buildx"
    }

    /// - Throws: ``InstallerError`` where the folder exists and cannot be listed: it is not treated as empty.
    func builders() throws -> Facts.Builders {
        let instances = try Self.listed("\(buildx)/instances").map { name in
            (name: name, builder: json(Instance.self, "\(buildx)/instances/\(name)").map(\.builder))
        }
        let builders = instances.compactMap(\.builder)
        let configuration = "\(buildx)/buildkitd.default.toml"
        return Facts.Builders(
            builders: builders, current: current.flatMap { name in builders.first { $0.name == name }?.name },
            defaultConfiguration: FileManager.default.fileExists(atPath: configuration) ? configuration : nil,
            dockerContexts: names(in: "\(docker)/contexts/meta").compactMap {
                json(DockerContext.self, "\(docker)/contexts/meta/\($0)/meta.json")?.Name
            }, dockerContext: context ?? "default",
            unreadable: instances.filter { $0.builder == nil }.map(\.name), endpointProblem: endpointProblem)
    }

    /// The contents of a folder; empty where it does not exist.
    private static func listed(_ folder: String) throws -> [String] {
        guard access(folder, F_OK) == 0 || ![ENOENT, ENOTDIR].contains(errno) else { return [] }
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw InstallerError(
                "The builders of docker buildx cannot be listed", detail: error.reason,
                hint: "Check the permissions: ls -ld \(folder.shellQuoted)")
        }
    }

    /// Why docker cannot determine its engine. `docker buildx create` fails even where no engine is needed.
    private var endpointProblem: Facts.EndpointProblem? {
        if let context {
            let names = names(in: "\(docker)/contexts/meta").compactMap {
                json(DockerContext.self, "\(docker)/contexts/meta/\($0)/meta.json")?.Name
            }
            guard !names.contains(context) else { return nil }
            return .contextMissing(context, isFromEnvironment: environment.word("DOCKER_CONTEXT") == context)
        }
        guard environment.word("DOCKER_TLS_VERIFY") != nil else { return nil }
        let authority = "\(environment.word("DOCKER_CERT_PATH") ?? docker)/ca.pem"
        return FileManager.default.fileExists(atPath: authority) ? nil : .certificatesMissing(authority)
    }

    /// The builder in use: selected for this docker endpoint or for all, otherwise the endpoint's default.
    private var current: String? {
        let chosen = json(Current.self, "\(buildx)/current")
        if let chosen, !chosen.name.isEmpty, chosen.isGlobal || chosen.endpoint == endpoint {
            return chosen.name
        }
        let file = "\(buildx)/defaults/\(Digest.sha256(Array(endpoint.utf8)).prefix(20))"
        return (try? Data(ofFile: file)).map { String(decoding: $0, as: UTF8.self).trimmed }
    }

    /// buildx's name of the docker engine in use: its context's name, or the address where there is none.
    private var endpoint: String {
        environment.word("DOCKER_HOST") ?? context ?? "unix:///var/run/docker.sock"
    }

    /// The docker context in use; nil for the default one.
    private var context: String? {
        guard environment.word("DOCKER_HOST") == nil else { return nil }
        let context =
            environment.word("DOCKER_CONTEXT")
            ?? json(DockerConfiguration.self, "\(docker)/config.json")?.currentContext
        guard let context, !context.isEmpty, context != "default" else { return nil }
        return context
    }

    private func names(in folder: String) -> [String] {
        // A missing folder is treated as empty.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// A missing or invalid file is ignored, as buildx does.
    private func json<Content: Decodable>(_ type: Content.Type, _ path: String) -> Content? {
        (try? Data(ofFile: path)).flatMap { try? JSONDecoder().decode(type, from: $0) }
    }
}

// The spelling of the files: buildx and docker capitalize their fields.

private struct Instance: Decodable {
    struct Node: Decodable {
        var Name: String
        var Endpoint: String
        var Platforms: [Platform]?
        var DriverOpts: [String: String]?
    }
    struct Platform: Decodable {
        var architecture, os: String
        var variant: String?
    }
    var Name: String
    var Driver: String
    var Nodes: [Node]

    var builder: Facts.Builder {
        Facts.Builder(
            name: Name, driver: Driver,
            nodes: Nodes.map { node in
                Facts.BuilderNode(
                    name: node.Name, endpoint: node.Endpoint, options: node.DriverOpts ?? [:],
                    platforms: (node.Platforms ?? []).map {
                        [$0.os, $0.architecture, $0.variant].compactMap { $0 }.joined(separator: "/")
                    })
            })
    }
}

private struct Current: Decodable {
    var endpoint, name: String
    var isGlobal: Bool

    private enum CodingKeys: String, CodingKey {
        case endpoint = "Key"
        case name = "Name"
        case isGlobal = "Global"
    }
}

private struct DockerContext: Decodable { var Name: String }

private struct DockerConfiguration: Decodable { var currentContext: String? }

extension [String: String] {
    /// A variable's value; an empty one counts as unset.
    fileprivate func word(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}

extension Dependencies {
    /// The clients with certificates on this machine, for shell completions.
    /// - Parameter certs: a certificates directory; empty: those of all installations.
    public func clientNames(in certs: String) -> [String] {
        guard certs.isEmpty else {
            // An unreadable folder has no completions.
            return (try? CertificateFolder(path: certs.expanded(home: home)).clientNames()) ?? []
        }
        let folders = installationFolders.map { "\(places.configuration)/\($0.joined(separator: "/"))" }
        return Set(folders.flatMap { (try? CertificateFolder(path: "\($0)/certs").clientNames()) ?? [] })
            .sorted()
    }
}

extension Dependencies {
    /// The builders of docker buildx on this machine, from its files, for shell completions. Nothing is dialled, so
    /// that completion is fast and wakes no builder.
    public var builderNames: [String] {
        // Without readable builders there are no completions.
        ((try? BuildxState(of: self).builders())?.builders ?? []).map(\.name)
    }
}
