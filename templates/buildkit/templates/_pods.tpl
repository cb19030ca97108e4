{{/* What the pods have in common. */}}

{{/* (list $ image tag) → prefix/repository:tag, or @digest where one is given */}}
{{- define "buildkit.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 }}
{{- with $root.Values.imagePrefix }}{{ trimSuffix "/" . }}/{{ end }}
{{- $image.repository }}
{{- with $image.digest }}@{{ . }}{{ else }}:{{ index $ 2 }}{{ end }}
{{- end }}

{{/* Where a pod may run, and what comes with it: (list $ values) */}}
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

{{/* BuildKit's image; its variants differ by the ending of the tag. */}}
{{- define "buildkit.builder.image" -}}
{{- $image := .Values.builder.image }}
{{- $ending := eq .Values.builder.security "rootless" | ternary "-rootless" "" }}
{{- include "buildkit.image" (list . $image (printf "%s%s" ($image.tag | default .Chart.AppVersion) $ending)) }}
{{- end }}
