{{/*
Who may do what, once proxy.clients says so: judged anew for each request, also on connections that are open already. So
whoever is no longer listed begins nothing more, and whoever is an admin no longer prunes no more.

buildx takes the refusal of the history as "not supported", so builds go on.
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

{{/* Matches whoever is not the client of that name. */}}
{{- define "buildkit.proxy.everyone.but" -}}
{not_id: {authenticated: {principal_name: {exact: {{ include "buildkit.proxy.identity" . }}}}}}
{{- end }}

{{/* How a certificate names a client. */}}
{{- define "buildkit.proxy.identity" -}}spiffe://buildkit/client/{{ . }}{{- end }}
