{{/* Values that are right one by one and cannot work together. Each sentence says what to set instead. */}}
{{- define "buildkit.checks" -}}
{{- $service := .Values.proxy.service }}
{{- $builder := .Values.builder }}
{{- $cache := $builder.cache }}
{{- $kubernetes := .Capabilities.KubeVersion.Version }}
{{- $apis := .Capabilities.APIVersions }}
{{- if and $service.nodePort (eq $service.type "ClusterIP") }}
{{- fail "proxy.service.nodePort is given, but a ClusterIP Service has no node port: set proxy.service.type to NodePort or LoadBalancer, or leave proxy.service.nodePort out." }}
{{- end }}
{{- if ne $service.type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerSourceRanges" }}
{{- if index $service $key }}
{{- fail (printf "proxy.service.%s is given, but the Service is of type %s: set proxy.service.type to LoadBalancer, or leave proxy.service.%s out." $key $service.type $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $service.externalTrafficPolicy (eq $service.type "ClusterIP") }}
{{- fail "proxy.service.externalTrafficPolicy is given, but a ClusterIP Service gets no traffic from outside: set proxy.service.type to NodePort or LoadBalancer, or leave proxy.service.externalTrafficPolicy out." }}
{{- end }}
{{- if and $service.loadBalancerClass (semverCompare "<1.22.0-0" $kubernetes) }}
{{- fail (printf "proxy.service.loadBalancerClass needs Kubernetes 1.22, and this is %s: leave it out." $kubernetes) }}
{{- end }}
{{- $names := list }}
{{- range .Values.proxy.clients }}
{{- if has .name $names }}
{{- fail (printf "proxy.clients names %s twice: leave one of them out." .name) }}
{{- end }}
{{- $names = append $names .name }}
{{- end }}
{{- if and .Values.proxy.metrics.podMonitor.enabled (not ($apis.Has "monitoring.coreos.com/v1")) }}
{{- fail "proxy.metrics.podMonitor.enabled is true, but the cluster does not know PodMonitors: install the Prometheus operator, or set it to false. (With `helm template`, add --api-versions monitoring.coreos.com/v1.)" }}
{{- end }}
{{- if and (eq $builder.security "userns") (semverCompare "<1.30.0-0" $kubernetes) }}
{{- fail (printf "builder.security is userns, which needs Kubernetes 1.30 (better 1.33), and this is %s: set builder.security to rootless." $kubernetes) }}
{{- end }}
{{- if hasSuffix "-rootless" $builder.image.tag }}
{{- fail (printf "builder.image.tag is %s, but the chart adds -rootless by itself where builder.security asks for it: set builder.image.tag to %s." $builder.image.tag (trimSuffix "-rootless" $builder.image.tag)) }}
{{- end }}
{{- if $cache.existingClaim }}
{{- if not $cache.enabled }}
{{- fail "builder.cache.existingClaim is given, but builder.cache.enabled is false: set builder.cache.enabled to true, or leave the claim out." }}
{{- end }}
{{- if $cache.storageClass }}
{{- fail "builder.cache.existingClaim and builder.cache.storageClass are both given, but a claim that exists has its class already: leave builder.cache.storageClass out." }}
{{- end }}
{{- else if and $cache.storageClass (not $cache.enabled) }}
{{- fail "builder.cache.storageClass is given, but builder.cache.enabled is false: set builder.cache.enabled to true, or leave the class out." }}
{{- end }}
{{- if lt (int64 (include "buildkit.mebibytes" $cache.size)) 1024 }}
{{- fail (printf "builder.cache.size is %s, too little for one image: give at least 1Gi, better 50Gi." $cache.size) }}
{{- end }}
{{- if and $builder.trust.configMap $builder.trust.secret }}
{{- fail "builder.trust.configMap and builder.trust.secret are both given: put all certificates into one of them." }}
{{- end }}
{{- if and $builder.sleep.enabled (not ($apis.Has "keda.sh/v1alpha1")) }}
{{- fail "builder.sleep.enabled is true, but KEDA is not in the cluster: install KEDA, or set builder.sleep.enabled to false and put the builder to sleep by hand. (With `helm template`, add --api-versions keda.sh/v1alpha1.)" }}
{{- end }}
{{- if and $builder.sleep.enabled (lt (int (include "buildkit.seconds" .Values.proxy.hold)) 60) }}
{{- fail (printf "builder.sleep.enabled is true, but proxy.hold is only %s: a sleeping BuildKit needs longer to wake. Set proxy.hold to 2m or more." .Values.proxy.hold) }}
{{- end }}
{{- if and $builder.networkPolicy.egress.restricted (not $builder.networkPolicy.enabled) }}
{{- fail "builder.networkPolicy.egress.restricted is true, but builder.networkPolicy.enabled is false: set both to true, or neither." }}
{{- end }}
{{- if $builder.config }}
{{- $first := regexReplaceAll "(?m)^\\s*(#.*)?$" $builder.config "" | trim }}
{{- if and $first (not (hasPrefix "[" $first)) }}
{{- fail "builder.config must begin with a table of buildkitd.toml, such as [frontend.\"gateway.v0\"], because it is appended to the chart's own." }}
{{- end }}
{{- range list "grpc" "grpc.tls" "worker.oci" "worker.oci.gcpolicy" "dns" }}
{{- if regexMatch (printf "(?m)^\\s*\\[{1,2}\\s*%s\\s*\\]{1,2}" (. | replace "." "\\s*\\.\\s*")) $builder.config }}
{{- if not (and (eq . "dns") (not (include "buildkit.builder.dns" $builder.dns | trim))) }}
{{- fail (printf "builder.config has the table [%s], which the chart writes itself: use its own values (builder.cache, builder.dns, builder.certificates), or leave the table out." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
