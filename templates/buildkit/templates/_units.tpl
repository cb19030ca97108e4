{{/* Durations and sizes as numbers. The schema validates their format. */}}

{{/* 1h30m → 5400 */}}
{{- define "buildkit.seconds" -}}
{{- $sum := 0 }}
{{- range regexFindAll "[0-9]+[hms]" . -1 }}
{{- $sum = add $sum (mul (int64 (regexFind "[0-9]+" .)) (get (dict "h" 3600 "m" 60 "s" 1) (regexFind "[hms]" .))) }}
{{- end }}
{{- $sum }}
{{- end }}

{{/* 50Gi → 51200: a quantity of Kubernetes in MiB */}}
{{- define "buildkit.mebibytes" -}}
{{- $bytes := get (dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0) (regexFind "[A-Za-z]*$" .) }}
{{- divf (mulf (float64 (regexFind "^[0-9.]+" .)) $bytes) 1048576 | floor | int64 }}
{{- end }}
