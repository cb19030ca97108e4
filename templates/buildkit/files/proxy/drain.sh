# Stops this proxy without interrupting builds: tells clients to reconnect elsewhere, then waits for the last request.
# The grace period of the pod limits the wait.
set -u

ask() {
    exec 3<>/dev/tcp/127.0.0.1/9903 || return
    printf '%s %s HTTP/1.0\r\nContent-Length: 0\r\n\r\n' "$1" "$2" >&3
    cat <&3
    exec 3>&-
}

ask POST /fail >/dev/null
ask POST /drain >/dev/null
# Nodes stop sending new connections here only after a delay.
sleep 5
# No response: Envoy has exited, and no request is left.
while figures=$(ask GET /stats) && [[ $figures != *'http.buildkit.downstream_rq_active: 0'* ]]; do
    sleep 1
done
