import LabSupport

/// The ports of a local proxy on 127.0.0.1, instead of those of its pod.
public struct ProxyPorts: Sendable {
    /// For clients (1234 in the pod).
    public let buildkit: Int
    /// For metrics and `/ready` (9902).
    public let metrics: Int
    /// For the pod's own scripts (9903).
    public let scripts: Int

    public init(buildkit: Int, metrics: Int, scripts: Int) {
        self.buildkit = buildkit
        self.metrics = metrics
        self.scripts = scripts
    }

    /// Three unused ports.
    public static func free() throws -> ProxyPorts {
        try ProxyPorts(buildkit: freePort(), metrics: freePort(), scripts: freePort())
    }
}
