{{/* Names and labels. All object names start with the full name, so releases can share a namespace. */}}

{{- define "buildkit.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 55 | trimSuffix "-" }}
{{- end }}

{{/* At most 55 characters: the longest ending has 8, and a Service's name may have 63. */}}
{{- define "buildkit.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 55 | trimSuffix "-" }}
{{- else }}
{{- $name := include "buildkit.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 55 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 55 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "buildkit.proxy.name" -}}{{ include "buildkit.fullname" . }}-proxy{{- end }}
{{- define "buildkit.builder.name" -}}{{ include "buildkit.fullname" . }}-builder{{- end }}

{{/* The address of the builder for the proxy: its Service, which has an address even while BuildKit is down. */}}
{{- define "buildkit.builder.host" -}}
{{ include "buildkit.builder.name" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{/* The immutable labels of a component's pods: (list $ "proxy") */}}
{{- define "buildkit.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "buildkit.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The labels of an object: (list $ "proxy") */}}
{{- define "buildkit.labels" -}}
{{- $root := index . 0 -}}
{{ include "buildkit.selector" . }}
app.kubernetes.io/part-of: {{ include "buildkit.name" $root }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The head of an object: (dict "root" $ "component" "proxy" "name" "…"), and "labels" and "annotations" if it has more. */}}
{{- define "buildkit.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "buildkit.labels" (list .root .component) | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default (dict) .annotations) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
