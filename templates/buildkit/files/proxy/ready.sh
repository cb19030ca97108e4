# ready.sh OUTER INNER: checks whether this proxy can serve builds. If not, it prints the reason, which the kubelet reports
# in the pod's events. OUTER and INNER are the names of the Secrets.
set -u
outer=$1 inner=$2

ask() {
    exec 3<>/dev/tcp/127.0.0.1/9903 || exit 1
    printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3
    cat <&3
    exec 3>&-
}

refuse() {
    echo "$*"
    exit 1
}

# The value of an Envoy statistic, or 0.
figure() {
    [[ $figures =~ $1:\ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# check SECRET FOLDER FILE...: reports the first file that is not PEM.
check() {
    local secret=$1 folder=$2 file
    shift 2
    for file; do
        grep -qs -e '-----BEGIN ' "$folder/$file" || refuse "Secret $secret: $file is not PEM."
    done
    refuse "Secret $secret: Envoy cannot use $*. A key does not match its certificate, or a file is damaged; see the log."
}

# unexpired SECRET FILE FIGURE
unexpired() {
    local end
    end=$(figure "$3")
    ((end > EPOCHSECONDS)) || refuse "Secret $1: $2 expired on $(printf '%(%F)T' "$end")."
}

[[ $(ask /ready) == *LIVE* ]] || refuse "Envoy is starting or draining."
figures=$(ask /stats)

# Envoy counts each loaded set of certificates, one step for each file of its discovery service; while a set is unusable
# the last step is missing.
(($(figure 'listener\.buildkit\.server_ssl_socket_factory\.ssl_context_update_by_sds') >= 2)) ||
    check "$outer" /certificates/outer server.pem server-key.pem ca.pem
# Envoy does not report an invalid list, and refuses all clients.
[[ ! -e /certificates/outer/crl.pem ]] || grep -qs -e '-----BEGIN X509 CRL-----' /certificates/outer/crl.pem ||
    refuse "Secret $outer: crl.pem is not a revocation list."
unexpired "$outer" server.pem 'listener\.buildkit\.ssl\.certificate\.server\.expiration_unix_time_seconds'

taken_up=$(figure 'cluster\.buildkitd\.client_ssl_socket_factory\.ssl_context_update_by_sds')
if [[ -e /certificates/inner/client.crt ]]; then
    ((taken_up >= 2)) || check "$inner" /certificates/inner client.crt client.key ca.crt
    unexpired "$inner" client.crt 'cluster\.buildkitd\.ssl\.certificate\.proxy\.expiration_unix_time_seconds'
else
    ((taken_up >= 1)) || check "$inner" /certificates/inner ca.crt
fi

# Before the first response of the cluster's DNS, requests are not queued: they would fail immediately.
(($(figure 'cluster\.buildkitd\.membership_total') > 0)) || refuse "The builder's DNS name does not resolve yet."
