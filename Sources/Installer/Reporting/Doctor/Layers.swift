extension Layer {
    /// In the order in which a build goes through them; the cluster's side last.
    static let all: [Layer] = [
        .files, .plugin, .contextClash, .builder, .defaultConfiguration, .current, .dns, .tcp, .server,
        .client,
        .http2, .buildkit, .platforms, .build, .cluster, .release, .pods, .secrets, .policy,
    ]
}
