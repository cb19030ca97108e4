{{/*
Roles, if proxy.clients is set: evaluated for each request, also on open connections. A client that is removed from the
list starts no more requests, and a former admin can no longer prune.

buildx treats a refused history request as "not supported", so builds continue.
*/}}
{{- define "buildkit.proxy.roles" -}}
resources:
- "@type": type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig
  name: roles
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
    {{- with .Values.proxy.clients }}
    rules:
      action: DENY
      policies:
        admins-only:
          permissions:
          - {url_path: {path: {exact: /moby.buildkit.v1.Control/Prune}}}
          - {url_path: {path: {exact: /moby.buildkit.v1.Control/ListenBuildHistory}}}
          - {url_path: {path: {exact: /moby.buildkit.v1.Control/UpdateBuildHistory}}}
          - {url_path: {path: {prefix: /containerd.services.content.v1.Content/}}}
          principals:
          - and_ids:
              ids:
              - any: true
              {{- range . }}
              {{- if eq .role "admin" }}
              - {{ include "buildkit.proxy.everyone.but" .name }}
              {{- end }}
              {{- end }}
        listed-only:
          permissions: [{any: true}]
          principals:
          - and_ids:
              ids:
              {{- range . }}
              - {{ include "buildkit.proxy.everyone.but" .name }}
              {{- end }}
    {{- end }}
{{- end }}

{{/* Matches all clients except the named one. */}}
{{- define "buildkit.proxy.everyone.but" -}}
{not_id: {authenticated: {principal_name: {exact: {{ include "buildkit.proxy.identity" . }}}}}}
{{- end }}

{{/* The URI that identifies a client in its certificate. */}}
{{- define "buildkit.proxy.identity" -}}spiffe://buildkit/client/{{ . }}{{- end }}
