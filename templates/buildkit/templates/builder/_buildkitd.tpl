{{/* buildkitd.toml. */}}
{{- define "buildkit.builder.toml" -}}
{{- $builder := .Values.builder -}}
[grpc]
address = ["unix://{{ include "buildkit.builder.socket" . }}", "tcp://{{ ternary "[::]" "0.0.0.0" .Values.ipv6 }}:1234"]

[grpc.tls]
cert = "/certificates/server.crt"
key = "/certificates/server.key"
{{- if $builder.clientCertificates }}
# Only the proxy has a certificate of this CA. A RUN step shares BuildKit's network, and could control it otherwise.
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
Garbage collection limits, computed from the size of the volume. BuildKit's default rules stop at 100 GB and remove cache
mounts after two days, so every Monday starts with a cold cache. Garbage collection runs after builds; the free space is for
running builds.
*/}}
{{- define "buildkit.builder.policy" -}}
{{- $size := int64 (include "buildkit.mebibytes" .size) }}
{{- $most := div (mul $size (int64 .percent)) 100 }}
{{- $half := div $most 2 }}
{{- $free := div $size 10 }}
# Copies of build contexts and git checkouts: cheap to recreate.
[[worker.oci.gcpolicy]]
filters = ["type==source.local", "type==source.git.checkout"]
keepDuration = "48h"
maxUsedSpace = "{{ div $size 20 }}MB"

# Unused entries, once the cache has reached some size.
[[worker.oci.gcpolicy]]
filters = ["type!=exec.cachemount"]
keepDuration = "{{ .keepLayers }}"
maxUsedSpace = "{{ $half }}MB"

[[worker.oci.gcpolicy]]
filters = ["type==exec.cachemount"]
keepDuration = "{{ .keepMounts }}"
maxUsedSpace = "{{ $half }}MB"

# If the cache is full, layers are removed first, then cache mounts, then internal entries.
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

{{/* One table for each registry with a mirror or options. */}}
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
