{{/* buildkitd.toml. */}}
{{- define "buildkit.builder.toml" -}}
{{- $builder := .Values.builder -}}
[grpc]
address = ["unix://{{ include "buildkit.builder.socket" . }}", "tcp://{{ ternary "[::]" "0.0.0.0" .Values.ipv6 }}:1234"]

[grpc.tls]
cert = "/certificates/server.crt"
key = "/certificates/server.key"
{{- if $builder.clientCertificates }}
# Only the proxy has a certificate of this one: a RUN step shares BuildKit's network, and would command it otherwise.
ca = "/certificates/ca.crt"
{{- end }}

[worker.oci]
enabled = true
{{- if eq $builder.security "rootless" }}
# Kubernetes cannot unmask /proc for a pod without user namespaces.
rootless = true
noProcessSandbox = true
{{- end }}
{{- if $builder.cache.policy }}

{{ $builder.cache.policy | trim }}
{{- else }}

{{ include "buildkit.builder.policy" $builder.cache | trim }}
{{- end }}
{{- with include "buildkit.builder.registries" $builder | trim }}

{{ . }}
{{- end }}
{{- with include "buildkit.builder.dns" $builder.dns | trim }}

{{ . }}
{{- end }}
{{- with $builder.config | trim }}

{{ . }}
{{- end }}
{{- end }}

{{- define "buildkit.builder.socket" -}}
{{ eq .Values.builder.security "rootless" | ternary "/run/user/1000/buildkit/buildkitd.sock" "/run/buildkit/buildkitd.sock" }}
{{- end }}

{{/*
The clean-up, from the size of the volume: BuildKit's own rules stop at 100 GB, and drop cache mounts after two days, so
that every Monday is cold. It runs after builds, not during them; what is left free is for those.
*/}}
{{- define "buildkit.builder.policy" -}}
{{- $size := int64 (include "buildkit.mebibytes" .size) }}
{{- $most := div (mul $size (int64 .percent)) 100 }}
{{- $half := div $most 2 }}
{{- $free := div $size 10 }}
# Copies of build contexts and git checkouts: easily made again.
[[worker.oci.gcpolicy]]
filters = ["type==source.local", "type==source.git.checkout"]
keepDuration = "48h"
maxUsedSpace = "{{ div $size 20 }}MB"

# What lay idle for long, once the cache has some size.
[[worker.oci.gcpolicy]]
filters = ["type!=exec.cachemount"]
keepDuration = "{{ .keepLayers }}"
maxUsedSpace = "{{ $half }}MB"

[[worker.oci.gcpolicy]]
filters = ["type==exec.cachemount"]
keepDuration = "{{ .keepMounts }}"
maxUsedSpace = "{{ $half }}MB"

# When it is full, layers go first, then cache mounts, then what BuildKit keeps for itself.
[[worker.oci.gcpolicy]]
filters = ["type!=exec.cachemount"]
maxUsedSpace = "{{ $most }}MB"
minFreeSpace = "{{ $free }}MB"

[[worker.oci.gcpolicy]]
maxUsedSpace = "{{ $most }}MB"
minFreeSpace = "{{ $free }}MB"

[[worker.oci.gcpolicy]]
all = true
maxUsedSpace = "{{ $most }}MB"
minFreeSpace = "{{ $free }}MB"
{{- end }}

{{/* One table for each registry that has a mirror or needs care. */}}
{{- define "buildkit.builder.registries" -}}
{{- $builder := . }}
{{- range $host := concat (keys .mirrors) (keys .registries) | uniq | sortAlpha }}
[registry.{{ $host | quote }}]
{{- with index $builder.mirrors $host }}
mirrors = {{ . | toJson }}
{{- end }}
{{- with index $builder.registries $host }}
{{- range $key := list "http" "insecure" }}
{{- if index $builder.registries $host $key }}
{{ $key }} = true
{{- end }}
{{- end }}
{{- end }}

{{ end }}
{{- end }}

{{- define "buildkit.builder.dns" -}}
{{- if or .nameservers .searchDomains .options -}}
[dns]
{{- range $key := list "nameservers" "options" "searchDomains" }}
{{- with index $ $key }}
{{ $key }} = {{ . | toJson }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
