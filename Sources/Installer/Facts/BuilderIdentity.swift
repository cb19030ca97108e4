import MutualTLS

extension Facts.Builder {
    /// All properties that buildx stores, to detect whether a builder was changed.
    var fingerprint: String {
        let nodes = nodes.map { node in
            let options = node.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return ([node.name, node.endpoint] + options + node.platforms).joined(separator: "\n")
        }
        return Digest.sha256(Array(([driver] + nodes).joined(separator: "\n\n").utf8))
    }
}

extension Buildx {
    /// Restores a builder.
    static func restoring(_ builder: Facts.Builder) -> [Command] {
        builder.nodes.map { create(builder.name, $0, use: false) }
    }

    static func create(_ builder: String, _ node: Facts.BuilderNode, use: Bool) -> Command {
        create(
            builder, node: node.name,
            options: node.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            platforms: node.platforms, endpoint: node.endpoint, use: use)
    }
}
