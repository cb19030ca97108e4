# The cache of the lab. To be sourced.
set -euo pipefail
shopt -s inherit_errexit

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LAB_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/buildkit-installer-tests

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# key FILE...: changes when one of the files does, and with the kind of machine.
key() {
    { uname -m; cat "$@"; } | sha256sum | cut -c1-12
}

# cached NAME KEY FILL...: prints a folder of the cache. The first caller fills it by `FILL FOLDER`, the others
# wait; a folder that could not be filled is not kept.
cached() {
    local folder=$LAB_CACHE/$1-$2
    shift 2
    if [ ! -d "$folder" ]; then
        mkdir -p "$LAB_CACHE"
        exec {lock}>"$folder.lock"
        flock "$lock"
        if [ ! -d "$folder" ]; then
            rm -rf "$folder.part"
            mkdir "$folder.part"
            "$@" "$folder.part" >&2
            mv "$folder.part" "$folder"
        fi
        exec {lock}>&-
    fi
    echo "$folder"
}
