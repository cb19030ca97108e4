import FoundationEssentials
import LabSupport

/// A substitute for BuildKit behind the proxy: TLS as in BuildKit, and an empty answer to every request.
enum FakeBuilder {
    static func whileServing<Result: Sendable>(
        port: Int, certificates: TestCertificates, body: () async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/envoy.yaml"
            try Data(configuration(port: port, folder: certificates.folder).utf8).write(
                to: URL(filePath: file))
            return try await Envoy.whileRunning(configuration: file) { _ in try await body() }
        }
    }

    private static func configuration(port: Int, folder: String) -> String {
        """
        static_resources:
          listeners:
          - name: builder
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
                    - certificate_chain: {filename: \(folder)/buildkitd.pem}
                      private_key: {filename: \(folder)/buildkitd.key}
                    validation_context: {trusted_ca: {filename: \(folder)/inner.pem}}
              filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: builder
                  codec_type: HTTP2
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: builder
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        direct_response: {status: 200}
                        response_headers_to_add:
                        - header: {key: served-by, value: builder}
        """
    }
}
