# Long-running programs of the lab: started in the background, found again by a file, stopped by it. To be sourced.

# start FOLDER NAME COMMAND...: its output goes to FOLDER/NAME.log.
start() {
    local folder=$1 name=$2
    shift 2
    setsid "$@" >"$folder/$name.log" 2>&1 </dev/null &
    echo $! >"$folder/$name.pid"
}

# stop FOLDER NAME...: ends them, in this order, and waits until each has gone. What they leave is thrown away, so
# they get no time to tidy up unless they want it: a NAME with a + is asked politely first.
stop() {
    local folder=$1 name pid
    shift
    for name in "$@"; do
        [ -f "$folder/${name#+}.pid" ] || continue
        pid=$(cat "$folder/${name#+}.pid")
        if [ "$name" != "${name#+}" ]; then
            kill "$pid" 2>/dev/null || true
            await 60 gone "$pid" || true
        fi
        kill -9 "$pid" 2>/dev/null || true
        await 60 gone "$pid" || fail "$name ($pid) does not end"
        rm "$folder/${name#+}.pid"
    done
}

gone() {
    ! kill -0 "$1" 2>/dev/null || [ "$(ps -o stat= -p "$1" | cut -c1)" = Z ]
}

# await SECONDS COMMAND...: until the command succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}

# await_start FOLDER NAME COMMAND...: until the command succeeds; shows the log of a program that ends before that.
await_start() {
    local folder=$1 name=$2
    shift 2
    await 300 either_gone_or "$(cat "$folder/$name.pid")" "$@" && ! gone "$(cat "$folder/$name.pid")" && return
    tail -n 20 "$folder/$name.log" >&2
    fail "$name did not start"
}

either_gone_or() {
    gone "$1" || "${@:2}"
}

# with_process PID COMMAND...: runs the command when the process has ended, however it ended.
with_process() {
    local pid=$1
    shift
    setsid sh -c 'tail --pid="$0" -f /dev/null; exec "$@"' "$pid" "$@" >/dev/null 2>&1 </dev/null &
}

# free_ports COUNT: ports that nobody listens on, below those that the tests take and the kernel hands out by itself.
free_ports() {
    python3 - "$1" <<'PYTHON'
import random, socket, sys
found = []
while len(found) < int(sys.argv[1]):
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", random.randrange(10000, 20000)))
        found.append(listener)
    except OSError:
        listener.close()
print(*(listener.getsockname()[1] for listener in found))
PYTHON
}
