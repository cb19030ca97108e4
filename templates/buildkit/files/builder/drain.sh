# Stops BuildKit without interrupting builds: waits until no connection to its port is left. The proxy keeps one open while
# builds run, and closes it 10 s later. The grace period of the pod limits the wait.
set -u

# Established connections (state 01) whose local port is 1234, in hexadecimal.
connections() {
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$2 ~ /:04D2$/ && $4 == "01"' | wc -l
}

# Nodes stop sending new connections here only after a delay, so one check is not enough.
quiet=0
while [ "$quiet" -lt 5 ]; do
    if [ "$(connections)" -eq 0 ]; then quiet=$((quiet + 1)); else quiet=0; fi
    sleep 1
done
