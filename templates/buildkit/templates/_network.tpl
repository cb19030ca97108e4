{{/* DNS must be reachable: besides the usual port, OpenShift's DNS pods listen on 5353. */}}
{{- define "buildkit.dns.egress" -}}
- ports:
    {{- range $port := list 53 5353 }}
    {{- range $protocol := list "UDP" "TCP" }}
    - port: {{ $port }}
      protocol: {{ $protocol }}
    {{- end }}
    {{- end }}
{{- end }}
