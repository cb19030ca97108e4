extension Activity {
    /// Reads Envoy's figures, as the chart's metrics port gives them.
    /// - Throws: ``Failure`` where they are none of the chart's proxy.
    init(metrics: String) throws(Failure) {
        let figures = PrometheusFigures(metrics)
        let asked = figures["envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix", "buildkit"]
        guard let asked else {
            throw Failure(
                "The proxy does not say how many requests it has", detail: "Its figures have another form.")
        }
        func builder(_ name: String) -> Int { figures[name, "envoy_cluster_name", "buildkitd"] ?? 0 }
        let passedOn = builder("envoy_cluster_upstream_rq_active")
        // A connection stays for some seconds after its last request. Every client has one of its own.
        running = min(builder("envoy_cluster_upstream_cx_active"), passedOn)
        held = max(0, asked - passedOn)
    }

    static func + (left: Activity, right: Activity) -> Activity {
        Activity(running: left.running + right.running, held: left.held + right.held)
    }
}
