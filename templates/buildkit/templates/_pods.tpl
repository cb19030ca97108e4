{{/* Settings common to all pods. */}}

{{/*
(list $ image tag) → repository:tag, or repository@digest where one is given. A prefix takes the place of the registry.
*/}}
{{- define "buildkit.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 }}
{{- with $root.Values.imagePrefix }}
{{- trimSuffix "/" . }}/{{ regexReplaceAll "^[^/]*[.:][^/]*/" $image.repository "" }}
{{- else }}
{{- $image.repository }}
{{- end }}
{{- with $image.digest }}@{{ . }}{{ else }}:{{ index $ 2 }}{{ end }}
{{- end }}

{{/* Scheduling and additional settings of a pod: (list $ values) */}}
{{- define "buildkit.placement" -}}
{{- $root := index . 0 }}{{ $values := index . 1 }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "initContainers" }}
{{- with index $values $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* BuildKit's image; its variants differ by the suffix of the tag. */}}
{{- define "buildkit.builder.image" -}}
{{- $image := .Values.builder.image }}
{{- $ending := eq .Values.builder.security "rootless" | ternary "-rootless" "" }}
{{- include "buildkit.image" (list . $image (printf "%s%s" ($image.tag | default .Chart.AppVersion) $ending)) }}
{{- end }}
