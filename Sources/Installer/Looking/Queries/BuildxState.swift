import FoundationEssentials
import MutualTLS

/// Reads what buildx and the docker command line keep in files: the only place that has a builder's options,
/// and the fastest, for nothing is dialled.
struct BuildxState: Sendable {
    /// The docker command line's folder.
    let docker: String
    /// buildx's own.
    let buildx: String
    private let environment: [String: String]

    init(of world: World) {
        environment = world.environment
        docker = environment.word("DOCKER_CONFIG") ?? "\(world.home)/.docker"
        buildx = environment.word("BUILDX_CONFIG") ?? "\(docker)/buildx"
    }

    func builders() -> Facts.Builders {
        let builders = names(in: "\(buildx)/instances").compactMap { name in
            json(Instance.self, "\(buildx)/instances/\(name)").map(\.builder)
        }
        let configuration = "\(buildx)/buildkitd.default.toml"
        return Facts.Builders(
            builders: builders, current: current.flatMap { name in builders.first { $0.name == name }?.name },
            defaultConfiguration: FileManager.default.fileExists(atPath: configuration) ? configuration : nil,
            dockerContexts: names(in: "\(docker)/contexts/meta").compactMap {
                json(DockerContext.self, "\(docker)/contexts/meta/\($0)/meta.json")?.Name
            }, dockerContext: context ?? "default")
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
