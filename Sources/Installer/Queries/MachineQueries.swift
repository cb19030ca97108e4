import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Query<String> {
    static let kubectl = tool(Command(.kubectl, ["version", "--client", "--output", "json"], timeout: 15))

    /// `helm version` has no JSON, and prints a Go structure unless it is told what to print.
    static let helm = tool(Command(.helm, ["version", "--template", "{{.Version}}"], timeout: 15))

    /// Unlike `docker version`, it does not look for an engine, which need not be there.
    ///
    /// podman brings a `docker` of its own, which calls itself podman here and knows nothing of buildx.
    static let docker = tool(Command(.docker, ["--version"], timeout: 15)) { text in
        guard text.lowercased().contains("podman") else { return nil }
        return InstallerError(
            "docker on this machine is podman, which cannot register builders", detail: text.trimmed,
            hint: Tool.docker.remedy)
    }

    /// The plugin is there where this succeeds; `docker buildx --help` succeeds without it.
    ///
    /// It says `github.com/docker/buildx v0.29.1 …`; what only has the command's name says something else.
    static let buildx = tool(Command(.docker, ["buildx", "version"], timeout: 15), called: "docker buildx") {
        text in
        guard !text.contains("buildx") else { return nil }
        return InstallerError(
            "docker buildx on this machine is another program", detail: text.trimmed,
            hint: Tool.docker.remedy)
    }

    /// - Parameter doubt: what its words say against it, whatever the version.
    private static func tool(
        _ command: Command, called name: String? = nil,
        doubt: @escaping @Sendable (String) -> InstallerError? = { _ in nil }
    ) -> Query {
        let name = name ?? command.tool.rawValue
        return Query(command) { result throws(InstallerError) in
            let text = try result.text(else: "\(name) does not say its version")
            if let doubt = doubt(text) { throw doubt }
            guard let version = text.firstVersion else {
                throw InstallerError("\(name) does not say its version", detail: text.trimmed)
            }
            return version
        }
    }
}

extension Query<Facts.Contexts> {
    /// The contexts' names, the current one's first; nothing else of the kubeconfig is printed, for the rest
    /// of it is credentials.
    static let contexts = Query(
        Command(
            .kubectl,
            [
                "config", "view", "--output",
                #"jsonpath={.current-context}{"\n"}{range .contexts[*]}{.name}{"\n"}{end}"#,
            ], timeout: 15)
    ) { result throws(InstallerError) in
        let lines = try result.text(else: "The kubeconfig cannot be read")
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        return Facts.Contexts(names: lines.dropFirst().filter { !$0.isEmpty }, current: lines.first ?? "")
    }
}

/// Reads what buildx and the docker command line keep in files: the only place that has a builder's options,
/// and the fastest, for nothing is dialled.
struct BuildxState: Sendable {
    /// The docker command line's folder.
    let docker: String
    /// buildx's own.
    let buildx: String
    private let environment: [String: String]

    init(of dependencies: Dependencies) {
        environment = dependencies.environment
        docker = environment.word("DOCKER_CONFIG") ?? "\(dependencies.home)/.docker"
        buildx = environment.word("BUILDX_CONFIG") ?? "\(docker)/buildx"
    }

    /// - Throws: ``InstallerError`` where the folder is there and cannot be listed. It is no empty one.
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

    /// What is in a folder; nothing where there is none, nor could be one.
    private static func listed(_ folder: String) throws -> [String] {
        guard access(folder, F_OK) == 0 || ![ENOENT, ENOTDIR].contains(errno) else { return [] }
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw InstallerError(
                "The builders of docker buildx cannot be listed", detail: error.reason,
                hint: "Check who may read them: ls -ld \(folder.shellQuoted)")
        }
    }

    /// Why docker cannot tell which engine is meant. `docker buildx create` asks even where no engine is needed.
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

    /// The builder in use: chosen for this docker endpoint or for all, else the endpoint's default.
    private var current: String? {
        let chosen = json(Current.self, "\(buildx)/current")
        if let chosen, !chosen.name.isEmpty, chosen.isGlobal || chosen.endpoint == endpoint {
            return chosen.name
        }
        let file = "\(buildx)/defaults/\(Digest.sha256(Array(endpoint.utf8)).prefix(20))"
        return FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self).trimmed }
    }

    /// What buildx calls the docker engine in use: its context's name, or the address where there is none.
    private var endpoint: String {
        environment.word("DOCKER_HOST") ?? context ?? "unix:///var/run/docker.sock"
    }

    /// The docker context in use; nil where it is the one that needs no name.
    private var context: String? {
        guard environment.word("DOCKER_HOST") == nil else { return nil }
        let context =
            environment.word("DOCKER_CONTEXT")
            ?? json(DockerConfiguration.self, "\(docker)/config.json")?.currentContext
        guard let context, !context.isEmpty, context != "default" else { return nil }
        return context
    }

    private func names(in folder: String) -> [String] {
        // A folder that is not there holds nothing.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// A file that is missing or not understood says nothing, to buildx as to us.
    private func json<Content: Decodable>(_ type: Content.Type, _ path: String) -> Content? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(type, from: $0) }
    }
}

// The files' own spelling: buildx and docker write their fields in capitals.

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
    /// A variable's value; one that is empty is as good as none.
    fileprivate func word(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}

extension Dependencies {
    /// The clients with certificates on this machine, of every installation, for completions.
    public var clientNames: [String] {
        var folders = places.own.prefix(1).map { $0 }
        // By context, namespace and release.
        for _ in 1...3 {
            folders = folders.flatMap { folder in
                // A folder that cannot be read has no names to offer.
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).map {
                    "\(folder)/\($0)"
                }
            }
        }
        return Set(folders.flatMap { (try? CertificateFolder(path: "\($0)/certs").clientNames()) ?? [] })
            .sorted()
    }
}

extension Dependencies {
    /// The builders that docker buildx on this machine knows, from its files. Nothing is dialled: who presses Tab does
    /// not wait, and wakes no builder.
    public var builderNames: [String] {
        // Whoever cannot be told of any completes none.
        ((try? BuildxState(of: self).builders())?.builders ?? []).map(\.name)
    }
}
