import LabSupport

extension LocalProxy {
    /// The requests that are held because there is no BuildKit to pass them on to.
    public func held() async throws -> Int {
        let all = try await figure(
            #"envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix="buildkit"}"#)
        let passedOn = try await figure(#"envoy_cluster_upstream_rq_active{envoy_cluster_name="buildkitd"}"#)
        return (all ?? 0) - (passedOn ?? 0)
    }

    /// Queries BuildKit's workers, with a timeout of ten minutes. The response headers are in `output`.
    ///
    /// - Parameters:
    ///   - client: a folder with `ca.pem`, `cert.pem` and `key.pem`.
    ///   - names: hosts in the notation of curl; each gets a connection of its own.
    ///   - flags: additional options for curl.
    public func ask(as client: String, at names: [String], _ flags: [String] = []) async throws -> Outcome {
        try await Program("curl").run(
            [
                "-sS", "--http2", "-m", "600", "-D", "-", "-o", "/dev/null", "-H",
                "content-type: application/grpc",
                "--cacert", "\(client)/ca.pem", "--cert", "\(client)/cert.pem", "--key", "\(client)/key.pem",
                "--connect-to", "::127.0.0.1:", "--data-binary", "@-",
            ] + flags + names.map { "https://\($0):\(ports.buildkit)/moby.buildkit.v1.Control/ListWorkers" },
            input: "\0\0\0\0\0")
    }
}
