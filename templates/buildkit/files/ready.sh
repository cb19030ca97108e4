# Whether this proxy could serve a build; if not, a sentence says why, and the kubelet puts it into the pod's events.
set -u

ask() {
    exec 3<>/dev/tcp/127.0.0.1/9903 || exit 1
    printf 'GET %s HTTP/1.1\r\nHost: scripts\r\nConnection: close\r\n\r\n' "$1" >&3
    cat <&3
}
