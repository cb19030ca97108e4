{{/*
Envoy's certificates, as files of its discovery service: it reloads a changed Secret without a restart. One secret per
file, or Envoy rejects the file at run time.
*/}}

{{/* The server certificate. */}}
{{- define "buildkit.proxy.certificate.server" -}}
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: server
  tls_certificate:
    certificate_chain: {filename: /certificates/outer/server.pem}
    private_key: {filename: /certificates/outer/server-key.pem}
    watched_directory: {path: /certificates/outer}
{{- end }}

{{/* The CA that signs client certificates. */}}
{{- define "buildkit.proxy.certificate.clients" -}}
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: clients
  validation_context:
    trusted_ca: {filename: /certificates/outer/ca.pem}
    {{- if .Values.proxy.certificates.revocations }}
    crl: {filename: /certificates/outer/crl.pem}
    only_verify_leaf_cert_crl: true
    {{- end }}
    watched_directory: {path: /certificates/outer}
    {{- with .Values.proxy.clients }}
    match_typed_subject_alt_names:
    {{- range . }}
    - {san_type: URI, matcher: {exact: {{ include "buildkit.proxy.identity" .name }}}}
    {{- end }}
    {{- end }}
{{- end }}

{{/* The proxy's client certificate for BuildKit. */}}
{{- define "buildkit.proxy.certificate.proxy" -}}
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: proxy
  tls_certificate:
    certificate_chain: {filename: /certificates/inner/client.crt}
    private_key: {filename: /certificates/inner/client.key}
    watched_directory: {path: /certificates/inner}
{{- end }}

{{/* The CA that signs BuildKit's certificate. */}}
{{- define "buildkit.proxy.certificate.builder" -}}
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: builder
  validation_context:
    trusted_ca: {filename: /certificates/inner/ca.crt}
    watched_directory: {path: /certificates/inner}
    {{- with .Values.builder.serverName }}
    match_typed_subject_alt_names:
    - {san_type: DNS, matcher: {exact: {{ . }}}}
    {{- end }}
{{- end }}
