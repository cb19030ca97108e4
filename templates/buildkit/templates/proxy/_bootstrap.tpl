{{/*
Envoy's configuration, except certificates and roles, which are in separate files (_certificates.tpl, _roles.tpl).

Envoy works at HTTP/2, because only then can it queue requests: it completes the client's handshake itself and keeps the first
request while BuildKit is down. All stream timeouts are disabled, since one build is one request.
*/}}
{{- define "buildkit.proxy.bootstrap" -}}
{{- $proxy := .Values.proxy -}}
node: {id: {{ include "buildkit.proxy.name" . }}, cluster: {{ include "buildkit.fullname" . }}}
admin:
  # Not exposed on the network.
  address: {pipe: {path: /run/envoy/admin.sock, mode: 384}}
static_resources:
  listeners:
  - name: buildkit
    address: {{ include "buildkit.proxy.address" (list . 1234) }}
    stat_prefix: buildkit
    tcp_backlog_size: 1024
    per_connection_buffer_limit_bytes: 1048576
    filter_chains:
    - transport_socket_connect_timeout: {{ include "buildkit.seconds" $proxy.limits.handshake }}s
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          # A resumed session would bypass the revocation of its certificate.
          disable_stateless_session_resumption: true
          disable_stateful_session_resumption: true
          common_tls_context:
            alpn_protocols: [h2]
            tls_params:
              tls_minimum_protocol_version: TLSv1_3
              tls_maximum_protocol_version: TLSv1_3
              signature_algorithms: {{ include "buildkit.proxy.signatures" . }}
            tls_certificate_sds_secret_configs:
            - {{ include "buildkit.proxy.sds" "server" }}
            validation_context_sds_secret_config: {{ include "buildkit.proxy.sds" "clients" }}
      filters:
      - name: envoy.filters.network.connection_limit
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
          stat_prefix: buildkit
          max_connections: {{ int $proxy.limits.connections }}
          delay: 0.1s
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: buildkit
          # buildx offers no ALPN.
          codec_type: HTTP2
          server_name: buildkit-proxy
          generate_request_id: false
          use_remote_address: true
          skip_xff_append: true
          forward_client_cert_details: SANITIZE
          stream_idle_timeout: 0s
          request_timeout: 0s
          drain_timeout: 5s
          common_http_protocol_options: {idle_timeout: 0s, headers_with_underscores_action: ALLOW}
          http2_protocol_options:
            max_concurrent_streams: {{ int $proxy.limits.streams }}
            # The throughput of an upload is limited to one window per round trip.
            initial_stream_window_size: 16777216
            initial_connection_window_size: 25165824
            # A disconnected laptop must not keep BuildKit running.
            connection_keepalive: {interval: 30s, timeout: 20s}
          access_log:
          - name: envoy.access_loggers.stdout
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
              log_format:
                json_format:
                  time: "%START_TIME%"
                  peer_uri: "%DOWNSTREAM_PEER_URI_SAN%"
                  peer_subject: "%DOWNSTREAM_PEER_SUBJECT%"
                  peer_serial: "%DOWNSTREAM_PEER_SERIAL%"
                  tls: "%DOWNSTREAM_TLS_VERSION%"
                  from: "%DOWNSTREAM_REMOTE_ADDRESS%"
                  method: "%REQ(:PATH)%"
                  grpc_status: "%GRPC_STATUS%"
                  code: "%RESPONSE_CODE%"
                  flags: "%RESPONSE_FLAGS%"
                  details: "%RESPONSE_CODE_DETAILS%"
                  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"
                  ms: "%DURATION%"
                  rx: "%BYTES_RECEIVED%"
                  tx: "%BYTES_SENT%"
                  conn: "%CONNECTION_ID%"
          http_filters:
          # A separate file, so that a change of roles applies to the next request without a restart.
          - name: roles
            config_discovery:
              config_source: {{ include "buildkit.proxy.watched" "roles" }}
              type_urls: [type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC]
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              suppress_envoy_headers: true
          route_config:
            virtual_hosts:
            - name: buildkit
              # buildx before 0.36 requests "localhost", whatever address it connects to.
              domains: ["*"]
              routes:
              - match: {prefix: "/", grpc: {}}
                route:
                  cluster: buildkitd
                  timeout: 0s
                  idle_timeout: 0s
                  # Honours the timeout requested by the client; sets none.
                  max_stream_duration: {max_stream_duration: 0s, grpc_timeout_header_max: 0s}
                  {{- with mul 4 (int (include "buildkit.seconds" $proxy.hold)) }}
                  # The queueing (proxy.hold): the mean back-off is a quarter of a second.
                  retry_policy:
                    retry_on: connect-failure,refused-stream,reset-before-request
                    num_retries: {{ . }}
                    retry_back_off: {base_interval: 0.5s, max_interval: 0.5s}
                  {{- end }}
    # Connections without a request. If tls_error is set, the names of the peer are not verified.
    access_log:
    - name: envoy.access_loggers.stdout
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
        log_format:
          json_format:
            time: "%START_TIME%"
            conn_closed: "%CONNECTION_ID%"
            peer_uri: "%DOWNSTREAM_PEER_URI_SAN%"
            peer_subject: "%DOWNSTREAM_PEER_SUBJECT%"
            from: "%DOWNSTREAM_REMOTE_ADDRESS%"
            tls_error: "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%"
            details: "%CONNECTION_TERMINATION_DETAILS%"
            flags: "%RESPONSE_FLAGS%"
            ms: "%DURATION%"
  # Metrics and the two states: exposed to the cluster if enabled, otherwise only on the pod's loopback, which a
  # port-forward reaches.
  - name: metrics
    {{- if include "buildkit.proxy.measured" . }}
    address: {{ include "buildkit.proxy.address" (list . (int $proxy.metrics.port)) }}
    {{- else }}
    address: {socket_address: {address: 127.0.0.1, port_value: {{ int $proxy.metrics.port }}}}
    {{- end }}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: metrics
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: metrics
              domains: ["*"]
              routes:
              - {{ include "buildkit.proxy.forward" (list "GET" "/metrics" "/stats/prometheus") }}
              - {{ include "buildkit.proxy.forward" (list "GET" "/ready" "/ready") }}
              - {{ include "buildkit.proxy.forward" (list "GET" "/active" "/stats?format=json&filter=^http\\\\.buildkit\\\\.downstream_(rq|cx)_active$") }}
  # For the pod's own scripts, on its loopback: bash cannot connect to a unix socket.
  - name: scripts
    address: {socket_address: {address: 127.0.0.1, port_value: 9903}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: scripts
          # Responses arrive in one piece, and end immediately also while Envoy drains.
          http_protocol_options: {accept_http_10: true, default_host_for_http_10: scripts}
          drain_timeout: 0.01s
          delayed_close_timeout: 0s
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: scripts
              domains: ["*"]
              routes:
              - {{ include "buildkit.proxy.forward" (list "GET" "/ready" "/ready") }}
              - {{ include "buildkit.proxy.forward" (list "GET" "/stats" "/stats?filter=(ssl_context_update_by_sds|expiration_unix_time_seconds|^cluster\\\\.buildkitd\\\\.membership_total|^http\\\\.buildkit\\\\.downstream_rq_active)$") }}
              - {{ include "buildkit.proxy.forward" (list "POST" "/fail" "/healthcheck/fail") }}
              - {{ include "buildkit.proxy.forward" (list "POST" "/drain" "/drain_listeners?graceful&skip_exit") }}
  clusters:
  - name: buildkitd
    # Logical DNS: an empty response does not discard the last address, which is required for queueing.
    cluster_type:
      name: envoy.cluster.dns
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
        all_addresses_in_single_endpoint: true
        dns_lookup_family: V4_PREFERRED
        dns_refresh_rate: 5s
        dns_failure_refresh_rate: {base_interval: 1s, max_interval: 2s}
        respect_dns_ttl: false
    connect_timeout: 3s
    # Pins a client to one BuildKit pod, also while it is replaced.
    connection_pool_per_downstream_connection: true
    load_assignment:
      cluster_name: buildkitd
      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: {{ include "buildkit.builder.host" . }}, port_value: 1234}}}}]}]
    circuit_breakers:
      # The default of 3 concurrent retries would queue only 3 builds.
      thresholds: [{max_connections: 1024, max_pending_requests: 4096, max_requests: 4096, max_retries: 4096}]
    upstream_connection_options: {tcp_keepalive: {keepalive_time: 60, keepalive_interval: 20, keepalive_probes: 3}}
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        # Closes connections without requests, so that BuildKit can detect that it is idle.
        common_http_protocol_options: {idle_timeout: 10s}
        explicit_http_config:
          # No connection_keepalive here: BuildKit closes a connection that pings often.
          http2_protocol_options:
            initial_stream_window_size: 16777216
            initial_connection_window_size: 25165824
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: {{ .Values.builder.serverName | default (include "buildkit.builder.host" .) }}
        common_tls_context:
          alpn_protocols: [h2]
          tls_params:
            tls_minimum_protocol_version: TLSv1_3
            tls_maximum_protocol_version: TLSv1_3
            signature_algorithms: {{ include "buildkit.proxy.signatures" . }}
          {{- if .Values.builder.clientCertificates }}
          tls_certificate_sds_secret_configs:
          - {{ include "buildkit.proxy.sds" "proxy" }}
          {{- end }}
          validation_context_sds_secret_config: {{ include "buildkit.proxy.sds" "builder" }}
  - name: admin
    type: STATIC
    connect_timeout: 1s
    load_assignment:
      cluster_name: admin
      endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: /run/envoy/admin.sock}}}}]}]
overload_manager:
  resource_monitors:
  - name: envoy.resource_monitors.global_downstream_max_connections
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
      # Includes connections that read metrics or are still in the handshake.
      max_active_downstream_connections: {{ add (mul 2 (int $proxy.limits.connections)) 100 }}
{{- end }}

{{/* (list $ port) */}}
{{- define "buildkit.proxy.address" -}}
{{- $root := index . 0 -}}
{socket_address: {address: "{{ ternary "::" "0.0.0.0" $root.Values.ipv6 }}", port_value: {{ index . 1 }}{{ if $root.Values.ipv6 }}, ipv4_compat: true{{ end }}}}
{{- end }}

{{/* Whether other pods read the metrics; empty if none does. */}}
{{- define "buildkit.proxy.measured" -}}
{{- if or .Values.proxy.metrics.enabled .Values.proxy.metrics.podMonitor.enabled .Values.builder.sleep.enabled }}yes{{ end }}
{{- end }}

{{/* One route to the admin socket: (list method path admin-path) */}}
{{- define "buildkit.proxy.forward" -}}
{match: {path: {{ index . 1 }}, headers: [{name: ":method", string_match: {exact: {{ index . 0 }}}}]}, route: {cluster: admin, prefix_rewrite: "{{ index . 2 }}"}}
{{- end }}

{{/* The discovery source of a certificate. */}}
{{- define "buildkit.proxy.sds" -}}
{name: {{ . }}, sds_config: {{ include "buildkit.proxy.watched" . }}}
{{- end }}

{{/* A file that is reloaded when it changes. */}}
{{- define "buildkit.proxy.watched" -}}
{resource_api_version: V3, path_config_source: {path: /etc/envoy/{{ . }}.yaml, watched_directory: {path: /etc/envoy}}}
{{- end }}

{{/*
Accepted signature algorithms. Envoy's default list omits Ed25519, and then rejects a client with such a key as if it had
presented no certificate.
*/}}
{{- define "buildkit.proxy.signatures" -}}
[ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ed25519, rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512]
{{- end }}
