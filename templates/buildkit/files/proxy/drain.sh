# Ends this proxy without ending a build: tells clients to go elsewhere, then waits for the last request.
# The kubelet bounds it by the pod's grace period.
set -u

ask() {
    exec 3<>/dev/tcp/127.0.0.1/9903 || return
    printf '%s %s HTTP/1.0\r\nContent-Length: 0\r\n\r\n' "$1" "$2" >&3
    cat <&3
    exec 3>&-
}

ask POST /fail >/dev/null
ask POST /drain >/dev/null
# The nodes learn only by and by that no new connection should come here.
sleep 5
# Without an answer Envoy is gone, and there is nobody left to wait for.
while figures=$(ask GET /stats) && [[ $figures != *'http.buildkit.downstream_rq_active: 0'* ]]; do
    sleep 1
done
