{{/* BuildKit's environment. */}}
{{- define "buildkit.builder.environment" -}}
{{- $builder := .Values.builder }}
{{- with $builder.egressProxy }}
{{- with .http }}
- {name: HTTP_PROXY, value: {{ . | quote }}}
{{- end }}
{{- with .https }}
- {name: HTTPS_PROXY, value: {{ . | quote }}}
{{- end }}
{{- with .exclude }}
- {name: NO_PROXY, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- if or $builder.trust.configMap $builder.trust.secret }}
# Go reads the CA bundle of the image and the files in these directories.
- {name: SSL_CERT_DIR, value: "/etc/ssl/certs:/trust"}
{{- end }}
{{- with $builder.telemetry.endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
- {name: OTEL_TRACES_EXPORTER, value: otlp}
- {name: OTEL_METRICS_EXPORTER, value: otlp}
{{- end }}
{{- with $builder.env }}
{{ toYaml . }}
{{- end }}
{{- end }}
