# shellcheck shell=bash
# One trial of the packages in a fresh root. To be sourced, in a mount namespace of its own.

# in_fresh_root BASE PACKAGES LAB
in_fresh_root() {
    local packages=$2 lab=$3
    ROOT=$(mktemp -d)
    # Nothing is deleted: what is in it ends with its mounts, and folders of this machine are mounted there too.
    trap 'umount --recursive --lazy "$ROOT"; rmdir "$ROOT"' EXIT
    mount -t tmpfs tmpfs "$ROOT"
    mkdir "$ROOT"/{upper,work,packages} "$ROOT/root"
    cp "$packages"/*.deb "$packages"/*.tar.gz "$ROOT/packages/"
    mount -t overlay overlay -o "lowerdir=$1/root,upperdir=$ROOT/upper,workdir=$ROOT/work" "$ROOT/root"
    mount -t proc proc "$ROOT/root/proc"
    mkdir "$ROOT/root/packages"
    mount --bind "$ROOT/packages" "$ROOT/root/packages"
    [ ! -e /etc/resolv.conf ] || cp -L /etc/resolv.conf "$ROOT/root/etc/resolv.conf"
    # Without localhost in it, and with a name service of the system's own that must not be loaded.
    : >"$ROOT/root/etc/hosts"
    # Folders of the user's that other programs have made.
    inside mkdir -p /root/.config /root/.local/state
    paths >"$ROOT/before"
    debian_package
    archive
}

# inside COMMAND...: as a new user.
inside() {
    chroot "$ROOT/root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=xterm LANG=C.UTF-8 MANWIDTH=80 "$@"
}

refuse() {
    echo "try: $*" >&2
    exit 1
}

debian_package() {
    inside sh -c 'dpkg -i /packages/*.deb' >/dev/null
    uses_program buildkit-installer
    builds
    inside man buildkit-installer 2>/dev/null | grep -q 'BUILDKIT-INSTALLER(1)' || refuse "man shows no page"
    # As bash does it when somebody presses Tab after "ins".
    inside bash -c '
        . /usr/share/bash-completion/bash_completion
        _completion_loader buildkit-installer || [ $? = 124 ]
        COMP_WORDS=(buildkit-installer ins) COMP_CWORD=1 COMP_LINE="buildkit-installer ins" COMP_POINT=22
        $(complete -p buildkit-installer | sed "s/.*-F \([^ ]*\).*/\1/") buildkit-installer ins buildkit-installer
        printf "%s\n" "${COMPREPLY[@]}"' | grep -qx 'install *' || refuse "bash completes nothing"
    inside sh -c 'dpkg --purge buildkit-installer' >/dev/null
    no_leftovers
}

# From the package to a first build: the root is a user's machine, whose cluster is the lab.
builds() {
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}
    mkdir -p "$ROOT/root$cache"
    mount --bind "$cache" "$ROOT/root$cache"
    mount -o remount,bind,ro "$ROOT/root$cache"
    mount --bind /tmp "$ROOT/root/tmp"
    "$lab/try" --root "$ROOT/root" /usr/bin/buildkit-installer </dev/null >"$ROOT/out" 2>&1 || {
        cat "$ROOT/out" >&2
        refuse "no build"
    }
    umount "$ROOT/root/tmp" "$ROOT/root$cache"
    rmdir "$ROOT/root$cache"
}

archive() {
    inside sh -c 'mkdir /opt/try && tar -xzf /packages/*.tar.gz -C /opt/try --strip-components 1 --no-same-owner'
    uses_program /opt/try/buildkit-installer
    inside man -l /opt/try/man/man1/buildkit-installer.1 2>/dev/null | grep -q 'BUILDKIT-INSTALLER(1)' || refuse "man shows no page"
    inside bash -c '. /opt/try/completions/buildkit-installer.bash && complete -p buildkit-installer' >/dev/null ||
        refuse "the completions of the archive complete nothing"
    inside rm -r /opt/try
    no_leftovers
}

# It starts, knows its chart, issues certificates, looks names up, and says what it misses.
uses_program() {
    local program=$1 status=0
    inside "$program" --version | grep -q '^buildkit-installer [0-9]' || refuse "no version"
    inside env LANG=de_DE "$program" --help | grep -q install || refuse "no help in another locale"
    inside "$program" chart /tmp/chart >/dev/null && inside test -s /tmp/chart/Chart.yaml || refuse "no chart"
    inside "$program" issue --certs /tmp/certs --sans builder.test >/dev/null || refuse "no certificates"
    inside test -s /tmp/certs/daemon/cert.pem || refuse "no certificates"
    inside "$program" install --yes >"$ROOT/out" 2>&1 || status=$?
    [ $status = 69 ] && grep -q kubectl "$ROOT/out" || {
        cat "$ROOT/out" >&2
        refuse "a machine without kubectl ends with $status, not with 69"
    }
    inside rm -r /tmp/chart /tmp/certs
}

no_leftovers() {
    paths >"$ROOT/after"
    diff "$ROOT/before" "$ROOT/after" || refuse "something is left behind"
}

# Everything but dpkg's and man's own books.
paths() {
    (cd "$ROOT/root" && find . -xdev \( -path ./proc -o -path ./packages -o -path ./var/lib/dpkg -o -path ./var/cache/man \
        -o -path ./var/log \) -prune -o -print | sort)
}
