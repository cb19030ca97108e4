extension Buildx {
    /// Puts a builder's node back as it was found.
    static func create(_ builder: String, _ node: Facts.BuilderNode, use: Bool) -> Command {
        create(
            builder, node: node.name,
            options: node.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            platforms: node.platforms, endpoint: node.endpoint, use: use)
    }
}
