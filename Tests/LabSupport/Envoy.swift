/// The real Envoy.
public enum Envoy {
    /// A configuration with one server that requires client certificates and answers every request itself.
    /// - Parameters:
    ///   - certificate: the path of the server's certificate, like `key`.
    ///   - validation: the fields of the validation context, separated by commas.
    public static func answering(on port: Int, certificate: String, key: String, validation: String) -> String
    {
        """
        static_resources:
          listeners:
          - name: server
            address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}
            filter_chains:
            - transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  require_client_certificate: true
                  common_tls_context:
                    alpn_protocols: [h2]
                    tls_certificates:
                    - certificate_chain: {filename: "\(certificate)"}
                      private_key: {filename: "\(key)"}
                    validation_context: {\(validation)}
              filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: server
                  codec_type: HTTP2
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: server
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        direct_response: {status: 200}
                        response_headers_to_add:
                        - header: {key: served-by, value: builder}
        """
    }

    /// Runs it with a configuration (a YAML or JSON file) while `body` runs; its listeners then accept connections.
    public static func whileRunning<Result: Sendable>(
        configuration: String, body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        // Several run concurrently and independently: no hot restart.
        let arguments = ["--config-path", configuration, "--disable-hot-restart", "--concurrency", "2"]
        return try await Program(.envoy).whileRunning(
            arguments, ready: "starting main dispatch loop", body: body)
    }
}
